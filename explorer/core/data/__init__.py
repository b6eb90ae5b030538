"""Data sets and shipped files."""
