"""Which log this is, and in which incarnation: what a position means, said so that a restore cannot change it."""
