"""The process of a worker: whether it responds, and why it ended."""
