"""Whole tables in and out, and which records are one and the same; each for every type without a word from it."""
