"""The review pages: server-rendered, in Chinese and English, reading the views."""
