"""The page 值守."""
