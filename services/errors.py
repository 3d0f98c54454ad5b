"""Faults of a call. The class makes the message; the message is a text id with parameters, translated at the shell."""

import errno
from collections.abc import Mapping
from typing import Final

from services.i18n import Text, text

_REASONS: Final[Mapping[int, Text]] = {
    errno.ENOENT: text("there is no such file or folder"),
    errno.EACCES: text("it may not be opened or written to by this user"),
    errno.EPERM: text("it may not be opened or written to by this user"),
    errno.EROFS: text("the disk can only be read"),
    errno.ENOSPC: text("the disk is full"),
    errno.EISDIR: text("it is a folder"),
    errno.ENOTDIR: text("part of the path is a file, not a folder"),
    errno.ENAMETOOLONG: text("the name is too long"),
    errno.EADDRINUSE: text("the port is used by another program"),
    errno.EADDRNOTAVAIL: text("this machine does not have that address"),
}
"""What the system says in English, as people read it."""


class ServiceError(Exception):
    """Base of every error a use case raises; ``text`` is what the user is told."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


def system_reason(error: Exception) -> Text:
    """Return why the system refused something, in words; what is rare, by its name."""
    number = getattr(error, "errno", None) or 0
    name = errno.errorcode.get(number, type(error).__name__)
    return _REASONS.get(number) or text("a fault of the system: {name}", name=name)
