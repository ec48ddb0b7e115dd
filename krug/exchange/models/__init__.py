"""Runs of imports and exports, the fate of each row, and the pairs of records that look like one."""

from krug.exchange.models.duplicates import DuplicateKeys, DuplicatePair, DuplicateSearch
from krug.exchange.models.runs import ExportRun, ImportRow, ImportRun

__all__ = ["DuplicateKeys", "DuplicatePair", "DuplicateSearch", "ExportRun", "ImportRow", "ImportRun"]
