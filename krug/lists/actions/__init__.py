"""What people do with trees."""
