"""Sentences, laws, faults and contracts: how Zeren shows that it does what it says."""
