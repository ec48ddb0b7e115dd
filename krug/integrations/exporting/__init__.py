"""Long exports for other programs."""
