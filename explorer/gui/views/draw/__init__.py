"""A drawn digit and what the network makes of it."""
