"""Pictures and data that leave the program."""
