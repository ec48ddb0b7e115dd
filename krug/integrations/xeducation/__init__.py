"""The leads of an online school, X Education."""
