"""Figures: views of a run drawn for a paper or a lecture, at a size of their own."""
