"""Pairs of records that look like one, the searches for them, and what brings records together."""

from krug.duplicates.models.duplicates import DuplicateKeys, DuplicatePair, DuplicateSearch

__all__ = ["DuplicateKeys", "DuplicatePair", "DuplicateSearch"]
