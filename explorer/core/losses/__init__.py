"""Descriptions of the losses, read without torch."""
