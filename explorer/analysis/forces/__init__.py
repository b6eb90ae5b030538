"""What the loss does to features, as views show it."""
