"""The parts of the page that shows who did what."""
