"""Numbers of which a few are offered in a menu."""
