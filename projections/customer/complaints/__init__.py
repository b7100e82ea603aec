"""The complaints: their clocks, and who kept them for how long."""
