"""The descriptions of the losses, one module per family."""
