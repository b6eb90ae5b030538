"""The training step: network, optimiser, batches, precision, checkpoints."""
