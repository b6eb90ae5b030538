"""The heads: how each kind of classifier scores features at test time."""
