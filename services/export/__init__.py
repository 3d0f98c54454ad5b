"""One file of figures in, one file of another kind out."""
