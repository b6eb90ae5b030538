"""How many dimensions are few."""

FEW_DIMENSIONS = 3
"""Dimensions up to which features are shown as they are, and computed with coordinate by coordinate.

With more there are projections and products of matrices: tables of differences would be gigabytes.
"""
