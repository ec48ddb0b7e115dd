"""Lists of records: the one filter language, keyset pages, totals, boards and saved views."""
