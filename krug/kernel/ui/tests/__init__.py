"""How pages and components are proved."""
