"""Pictures: those that leave the program, and small ones for lists."""
