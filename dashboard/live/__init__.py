"""How a page hears of what others changed."""
