"""Makes several records of one type into one, and one into several again."""
