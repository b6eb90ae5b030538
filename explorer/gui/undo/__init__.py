"""Undo and redo of what a person changes in the window."""
