"""What stands beside the rows of every list: trees over its fields, and the map."""
