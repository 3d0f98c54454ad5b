"""Rules of rosters: who stands where, when. Pure."""
