"""Turns the rows of CSV and XLSX files into commands, as a mapping file says."""
