"""How each kind of head classifies at test time."""
