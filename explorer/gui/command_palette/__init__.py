"""Command palette: finds commands, losses, settings, classes, cards and labs by typing."""
