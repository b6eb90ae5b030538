"""The Margin curve view: the target logit T(θ) of a loss."""
