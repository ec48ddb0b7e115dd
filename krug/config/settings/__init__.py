"""Settings of the project: base for all, then one module per way of running."""
