"""The runs of a comparison and their common timeline, without widgets."""
