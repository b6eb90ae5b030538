"""The softmax lab: logits, probabilities and the loss, and what lengths do to them."""
