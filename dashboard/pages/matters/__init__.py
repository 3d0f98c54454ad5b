"""事项: what waits for whoever looks, what they asked for, and sheets to be filled in or signed."""
