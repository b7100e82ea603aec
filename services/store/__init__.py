"""The event log on PostgreSQL: written once, in one order, never changed."""
