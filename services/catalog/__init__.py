"""What there is, as data, each thing said once: tables, imports, exports and pages derive from it."""
