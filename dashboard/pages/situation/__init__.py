"""The page 态势."""
