"""A large invented base beside the product's own, and the speed of the main screens on it."""
