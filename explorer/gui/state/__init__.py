"""What the views of one run share: selection, hidden classes, colours."""
