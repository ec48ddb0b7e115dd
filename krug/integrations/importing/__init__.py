"""Imports for other programs: the same acts as on the import page, by the API."""
