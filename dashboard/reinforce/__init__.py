"""The parts of the page on which a planner moves teams."""
