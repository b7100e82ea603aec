"""The audit trail: who changed what from old to new, when and why."""
