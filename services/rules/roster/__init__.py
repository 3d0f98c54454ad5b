"""What is right of a roster: posts, shifts, who may stand where and when. Pure functions; time is passed in."""
