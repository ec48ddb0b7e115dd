"""The REST API: every entity type and verb under `/api/v1/`, with its published schema."""
