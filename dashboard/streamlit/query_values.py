"""What stands in an address, read so that nothing in it is a fault: what is not understood is not there."""

from datetime import date
from typing import Final

from services.rules.windows import FIRST_DAY, LAST_DAY

_MOST_DIGITS: Final = 9
_LONGEST_NAME: Final = 200


def parse_number(value: str) -> int | None:
    """Return a number of ours, None where there is none.

    Examples
    --------
    >>> parse_number("12"), parse_number("9" * 5000), parse_number("²"), parse_number("-1")
    (12, None, None, None)
    """
    return int(value) if value.isascii() and value.isdecimal() and len(value) <= _MOST_DIGITS else None


def parse_day(value: str) -> date | None:
    """Return a day in ISO 8601 that a person can mean, None where there is none.

    Examples
    --------
    >>> parse_day("2026-11-27"), parse_day("0001-01-01"), parse_day("9999-12-31")
    (datetime.date(2026, 11, 27), None, None)
    """
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def parse_name(value: str) -> str:
    """Return a name that a store can be asked for, empty where it is none.

    Examples
    --------
    >>> parse_name("晨会"), parse_name("晨" * 201)
    ('晨会', '')
    """
    return value if value.isprintable() and len(value) <= _LONGEST_NAME else ""
