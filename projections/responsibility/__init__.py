"""Who was responsible: the bitemporal view of every assignment and delegation."""
