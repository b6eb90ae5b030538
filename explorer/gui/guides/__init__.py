"""Guides: tours that drive the program step by step and wait for its state."""
