"""What happened: past-tense, frozen facts with permanent names, as they are written on disk."""
