"""Light and dark, palettes, icons, and the application that wears them."""
