"""Figures about angles, classes and samples."""
