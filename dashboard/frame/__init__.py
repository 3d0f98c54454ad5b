"""What pages share that knows data: the frame around them, the line of window and mode, files to take away."""
