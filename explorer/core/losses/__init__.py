"""Descriptions of the losses, which do not need torch."""
