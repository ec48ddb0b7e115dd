"""The rules of administration that need no database."""
