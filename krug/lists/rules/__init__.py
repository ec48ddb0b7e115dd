"""What a level of a tree is, which conditions a node stands for, and how its records are counted."""
