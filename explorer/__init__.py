"""Loss Explorer: watch a loss function shape the feature space while a network trains."""

__version__ = "0.2.0"
