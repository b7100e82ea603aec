"""Who is charged with a fact, and when nobody or too many answered for a customer."""
