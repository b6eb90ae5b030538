"""Settings and layout that the window saves between sessions."""
