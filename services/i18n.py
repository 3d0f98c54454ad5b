"""Chinese first, English complete: text ids are the English sentences, the catalogues hold the Chinese.

A text id may name parameters in braces. ``services/locale/zh/LC_MESSAGES/*.po`` are read as one catalogue, a file for
each part of the program, so that parts do not write in each other's file.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from numbers import Integral
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

from services.english import SINGULARS, in_number

LANGUAGES: Final = ("zh", "en")
DEFAULT_LANGUAGE: Final = "zh"
LOCALE_DIR: Final = Path(__file__).parent / "locale"

COUNTS: Final = frozenset({"count", "total", "shown", "short", "most"})
"""Parameters that say how many there are of something."""

Param = str | int | float
_language: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is not translated yet: its id (the English sentence) and its parameters."""

    id: str
    params: "Mapping[str, Param | Text]" = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the text in English, for logs."""
        return in_number(self.id, self.params).format(**self.params)


def text(id: str, /, **params: Param | Text) -> Text:  # noqa: A002 - positional only, the word of gettext
    """Mark a text for translation later, at the shell."""
    return Text(id, params)


def use_language(language: str) -> None:
    """Set the language of this thread or task; anything but the known languages means Chinese."""
    _language.set(language if language in LANGUAGES else DEFAULT_LANGUAGE)


def current_language() -> str:
    """Return the language of this thread or task."""
    return _language.get()


def language_accepted(header: str) -> str:
    """Return the language of ours that a browser asks for first (``Accept-Language``); Chinese where it says nothing.

    Examples
    --------
    >>> language_accepted("en-GB,en;q=0.9,zh;q=0.8"), language_accepted("fr"), language_accepted("")
    ('en', 'zh', 'zh')
    """
    first = header.strip().lower()
    return next((language for language in LANGUAGES if first.startswith(language)), DEFAULT_LANGUAGE)


def translate(message: str | Text, /, **params: Param | Text) -> str:
    """Return the text in the current language with its parameters filled in; a parameter may be a text itself.

    A text that the catalogue does not hold comes back in English: a test keeps the catalogue complete. How many there
    are of something (``COUNTS``) is said with its thousands apart; in English one of it stands in the singular.
    """
    wanted_id, filled = (message.id, {**message.params, **params}) if isinstance(message, Text) else (message, params)
    wanted = catalogue(current_language()).get(wanted_id, wanted_id)
    said = {name: _fill(name, value) for name, value in filled.items()}
    if current_language() == "en":
        wanted = in_number(wanted, said)
    return wanted.format(**said) if said else wanted


_ = translate


def unit_words(value: str, unit: str) -> str:
    """Return what is counted as it stands behind a number: in English one of it in the singular."""
    return SINGULARS.get(unit, unit) if value == "1" and current_language() == "en" else unit


def _fill(name: str, value: Param | Text) -> Param:
    if isinstance(value, Text):
        return translate(value)
    return f"{value:,}" if name in COUNTS and isinstance(value, Integral) else value


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return every translated text of a language by its id (for English: none, the ids are the texts)."""
    texts: dict[str, str] = {}
    for path in sorted((LOCALE_DIR / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            texts |= {str(m.id): str(m.string) for m in read_po(file) if m.id and m.string}
    return texts
