"""Two classes and the boundary between them."""
