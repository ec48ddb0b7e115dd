"""Lists and the whole company as files."""
