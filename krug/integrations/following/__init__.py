"""Follows what changes, for programs that keep a copy of what they may see."""
