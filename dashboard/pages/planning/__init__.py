"""The page 调度, on which a planner moves teams."""
