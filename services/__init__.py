"""WHO MAY DO WHAT: rules, use cases, the store, exports and the command line."""
