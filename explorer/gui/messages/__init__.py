"""Messages in the window: banner, status line, warnings at settings."""
