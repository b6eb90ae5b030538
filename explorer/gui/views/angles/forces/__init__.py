"""How long the force on a feature is, against its angle to the true class."""
