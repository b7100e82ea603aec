"""The review pages in a real Chromium, over a real server and database."""
