"""Widgets that edit settings, built from their descriptions in the core."""
