"""Orthogonal projections of features of more than three dimensions to two or three."""
