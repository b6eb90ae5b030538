"""Regions, bands and contours in two dimensions."""
