"""Faults of a call. The class makes the message; the message is a text id with parameters, translated at the shell."""

from services.i18n import Text


class ServiceError(Exception):
    """Base of every error a use case raises; ``text`` is what the user is told."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text
