"""Chains (接龙) in which people sign up for shifts: from the text to seats, and from shifts to a text."""
