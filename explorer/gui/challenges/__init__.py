"""Challenges: tasks that the program checks, and their results, which can be run again."""
