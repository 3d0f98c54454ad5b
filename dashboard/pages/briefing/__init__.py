"""The page that makes briefings: what is said, how it looks, what is kept and taken away."""
