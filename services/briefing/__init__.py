"""Briefings: what the commander shows to others, from one frozen value."""
