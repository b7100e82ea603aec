"""The questions: rows derived from events, and the SQL that reads them."""
