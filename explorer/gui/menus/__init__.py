"""Menus of the window."""
