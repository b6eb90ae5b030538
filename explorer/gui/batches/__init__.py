"""One batch in four beats: features, scores, loss, force; then the step itself."""
