"""Features of more than three dimensions: which projection is shown, and how it moves."""
