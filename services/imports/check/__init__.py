"""Checking: from a table of cells to rows that may be stored, and what was found wrong."""
