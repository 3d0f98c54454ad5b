"""Cells of tables as JSON and back: what JSON has no word for is an object with one key."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd

from services.imports.read.table import Unreadable

_MAKERS: Final[Mapping[str, Callable[[Any], object]]] = MappingProxyType(
    {
        "datetime": datetime.fromisoformat,
        "date": date.fromisoformat,
        "time": time.fromisoformat,
        "seconds": lambda value: timedelta(seconds=value),
        "decimal": Decimal,
        "bytes": bytes.fromhex,
        "unreadable": lambda value: Unreadable(str(value[0]), str(value[1])),
    }
)


def write_cells(cells: Sequence[object]) -> bytes:
    """Return cells as JSON in UTF-8; half characters (surrogates) are kept.

    >>> write_cells(["甲", 1, 2.5, None, date(2026, 1, 2)]).decode()
    '["甲",1,2.5,null,{"date":"2026-01-02"}]'
    """
    content = json.dumps(cells, ensure_ascii=False, separators=(",", ":"), default=_tag)
    return content.encode("utf-8", "surrogatepass")


def read_cells(content: bytes | bytearray) -> list[object]:
    """Return the cells that ``write_cells`` wrote.

    Raises
    ------
    ValueError
        If it did not.
    """
    try:
        return list(json.loads(content.decode("utf-8", "surrogatepass"), object_hook=_cell))
    except (TypeError, KeyError, IndexError, ArithmeticError, RecursionError) as error:
        raise ValueError(type(error).__name__) from error


def _tag(value: object) -> object:
    if isinstance(value, Unreadable):
        return {"unreadable": [value.text, value.code]}
    if value is pd.NaT or value is pd.NA:
        return None
    for kinds, tag, spell in _SPELLINGS:
        if isinstance(value, kinds):
            return {tag: spell(value)}
    return value.item() if isinstance(value, np.generic) else str(value)


_SPELLINGS: Final[Sequence[tuple[type, str, Callable[[Any], object]]]] = (
    (pd.Timestamp, "datetime", lambda value: value.to_pydatetime(warn=False).isoformat()),
    (datetime, "datetime", datetime.isoformat),
    (date, "date", date.isoformat),
    (time, "time", time.isoformat),
    (timedelta, "seconds", timedelta.total_seconds),
    (Decimal, "decimal", str),
    (bytes, "bytes", bytes.hex),
)
"""From the narrower to the wider: a moment is a day too."""


def _cell(tagged: dict[str, Any]) -> object:
    ((tag, value),) = tagged.items()
    return _MAKERS[tag](value)
