"""Reading: from the bytes of an upload to a table of cells."""
