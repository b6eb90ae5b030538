"""Lessons: a file that sets up the program for a classroom, where it starts anew once nobody is there."""
