"""Images, selected or hardest."""
