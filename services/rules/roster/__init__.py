"""What is right of a roster: posts, shifts, who may stand where and when. Pure functions; time is passed in.

What people sign up for in chat groups is read by ``sign_up``: from a chain (接龙) to seats, and back to a text.
"""
