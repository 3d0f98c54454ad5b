"""One day, understood as people write it."""

import calendar
import re
import unicodedata
from datetime import date
from typing import Final

from pydantic_core import PydanticCustomError

from services.imports.check.values import read_optional_text

FIRST_YEAR: Final = 2000
"""Before that nobody kept a roll until then: a slip, or a number that is no date."""
_DAY: Final = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?(?:\s+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?|(\d{4})(\d{2})(\d{2})"
)
_MONTH: Final = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*(?:月\s*[底末]?)?")
_YEAR: Final = re.compile(r"(\d{4})\s*年\s*[底末]?")


def read_last_day(cell: object) -> str | None:
    """Return the last day of what a cell says, in ISO 8601: of a month or a year its last one; 无 is nothing.

    Raises
    ------
    PydanticCustomError
        ``bad_day``.

    Examples
    --------
    >>> read_last_day("2027年12月31日"), read_last_day("2027.6"), read_last_day("2028年底")
    ('2027-12-31', '2027-06-30', '2028-12-31')
    """
    text = read_optional_text(cell)
    if text is None or text == "NaT":
        return None
    word = unicodedata.normalize("NFKC", text)
    try:
        day = _last_day(word)
    except ValueError:
        day = None
    if day is None or day.year < FIRST_YEAR:
        raise PydanticCustomError("bad_day", "a day is expected")
    return day.isoformat()


def _last_day(word: str) -> date | None:
    if found := _DAY.fullmatch(word):
        year, month, day = (int(part) for part in found.groups() if part)
        return date(year, month, day)
    if found := _MONTH.fullmatch(word):
        year, month = int(found[1]), int(found[2])
        return date(year, month, calendar.monthrange(year, month)[1])
    found = _YEAR.fullmatch(word)
    return date(int(found[1]), 12, 31) if found else None
