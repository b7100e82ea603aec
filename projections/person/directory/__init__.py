"""The people: the directory, and who belonged to which department when."""
