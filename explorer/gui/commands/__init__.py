"""What a person can ask for: commands, the keys of the plots, and the actions made from them."""
