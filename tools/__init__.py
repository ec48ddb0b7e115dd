"""Programs for those who build Krug; they are not part of what is installed."""
