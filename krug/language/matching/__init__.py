"""Which descriptions may be of one and the same: keys that bring pairs together, weights that judge them."""
