"""The page 派单."""
