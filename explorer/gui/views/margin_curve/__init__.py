"""The target logit T(θ) of a loss."""
