"""The page 交接."""
