"""WHERE: pure spatial functions on arrays and frames; no input or output, no user interface.

Conventions that no docstring repeats stand in ``docs/conventions.md``.
"""
