"""What a terminal that has no Unicode is sent: a sign it has in place of one it lacks, and never a fault."""

import codecs
import io
import sys
from typing import Final

_HANDLER: Final = "gridmuster"
_INSTEAD: Final = {"✓": "√", "✗": "×", "✔": "√", "✘": "×", "—": "-", "–": "-", "•": "·", "⚠": "!", "…": "...", "²": "2"}


def write_what_terminals_can() -> None:
    """Let the streams of this process replace what their encoding lacks."""
    codecs.register_error(_HANDLER, _replace)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_HANDLER)


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_shown(character, error.encoding) for character in lacking), error.end


def _shown(character: str, encoding: str) -> str:
    instead = _INSTEAD.get(character, "?")
    try:
        instead.encode(encoding)
    except UnicodeEncodeError:
        return "?"
    return instead
