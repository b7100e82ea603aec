"""Turn due times and events into commands; every reaction is a sentence."""
