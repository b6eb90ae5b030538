"""Theory: cards about losses, topics, mistakes and worked numbers, and the panel that shows them."""
