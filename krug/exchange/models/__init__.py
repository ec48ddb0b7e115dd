"""Runs of imports and exports, and the fate of each row."""

from krug.exchange.models.runs import ExportRun, ImportRow, ImportRun

__all__ = ["ExportRun", "ImportRow", "ImportRun"]
