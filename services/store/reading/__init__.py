"""How the log is read: by position without gaps, lazily decoded, waited for, checked, and from a replica too."""
