"""Sentences, laws, faults, contracts: what Zeren promises, run against real parts."""
