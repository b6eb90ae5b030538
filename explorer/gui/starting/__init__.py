"""Starting: what a window opens with, what it says then, and what it saves for the next start."""
