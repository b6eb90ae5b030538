"""What the window tells: banner, status line, flags at settings."""
