"""Matters (事项): somebody asks somebody about something until some time; one machine for every kind. Pure."""
