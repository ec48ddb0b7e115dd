"""The panel of a tree, its form, and what else stands beside a list."""
