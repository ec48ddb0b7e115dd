"""Which records may be one and the same: keys that bring pairs together, and weights that judge them."""
