"""The one way from what a command knows to a file on disk: whole or not at all, and by one process at a time."""
