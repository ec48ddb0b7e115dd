"""What people see: the page environment, the library of components, the assets."""
