"""What every domain knows of the Russian and the English language; it knows no table and no page."""
