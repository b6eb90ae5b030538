"""The Curves view: scalars of a run over its steps."""
