"""Marks over points, painted in pixels."""
