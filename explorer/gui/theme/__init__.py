"""Themes, palettes, icons, and their application."""
