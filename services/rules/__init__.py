"""Pure rules: what is right, without asking who or where it is kept."""
