"""The door: nobody and nothing comes in without being signed in."""
