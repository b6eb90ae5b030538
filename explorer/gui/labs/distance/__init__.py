"""The distance lab: Euclidean, Manhattan and cosine distances of draggable points."""
