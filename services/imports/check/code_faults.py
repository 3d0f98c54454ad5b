"""Codes as spreadsheets and people spoil them: written otherwise, zeros lost in front, digits lost at the end."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cached_property
from typing import Final

KEPT_DIGITS: Final = 15
"""How many digits of a number a spreadsheet keeps; those behind become 0."""
_MOST_NAMED: Final = 3
"""How many codes a message names at most."""
_ROUNDED: Final = Context(prec=KEPT_DIGITS, rounding=ROUND_HALF_UP)
_LEAST_SCIENTIFIC: Final = 11
"""From so many digits on a narrow column shows ``4.40106E+11``."""
_SHOWN_DIGITS: Final = (5, 2)
"""Digits behind the point, as a spreadsheet shows such a number by itself, and as its format for them does."""
_WHOLE_NUMBER: Final = re.compile(r"(\d+)\.0*")


class KnownCodes:
    """Stored codes, found by the forms in which they come back; the forms are made when one is first asked for."""

    def __init__(self, codes: Iterable[str]) -> None:
        self._codes = frozenset(codes)

    @cached_property
    def _by_key(self) -> dict[str, tuple[str, ...]]:
        return codes_by_key((code_key(code), code) for code in self._codes)

    @cached_property
    def _spoiled(self) -> dict[str, tuple[str, ...]]:
        long = (code for code in self._codes if len(code) > KEPT_DIGITS)
        return codes_by_key((form, code) for code in long for form in spoiled_forms(code))

    def __contains__(self, code: object) -> bool:
        return code in self._codes

    def find(self, words: str) -> str:
        """Return the one stored code that is meant, whatever its case and spaces; else what was stated."""
        if words in self._codes:
            return words
        same = self._by_key.get(code_key(words), ())
        return same[0] if len(same) == 1 else words

    def spoiled(self, words: str) -> tuple[str, ...]:
        """Return the stored codes of which this is what a spreadsheet has left."""
        return () if words in self._codes else self._spoiled.get(words, ())

    def shortened(self, words: str) -> tuple[str, ...]:
        """Return the stored codes that are what a spreadsheet leaves of this one."""
        return () if words in self._codes else tuple(sorted(shortened_forms(words) & self._codes))


def code_key(code: str) -> str:
    """Return a code without what does not tell one from another: width, case, spaces, marks of thousands, ``.0``.

    >>> code_key("ｕ00 003"), code_key("449,908,001,001.0")
    ('U00003', '449908001001')
    """
    if code.isascii() and code.isalnum():
        return code.upper()
    plain = re.sub(r"[\s,'\"]+", "", unicodedata.normalize("NFKC", code)).upper()
    whole = _WHOLE_NUMBER.fullmatch(plain)
    return whole[1] if whole else plain


def spoiled_forms(code: str) -> frozenset[str]:
    """Return what becomes of a code of digits that a program has taken for a number.

    >>> sorted(spoiled_forms("4499080010010101")), spoiled_forms("449908001001")
    (['4499080010010100'], frozenset())
    """
    if len(code) <= KEPT_DIGITS or not (code.isascii() and code.isdecimal()):
        return frozenset()
    number = float(code)
    forms = {
        code[:KEPT_DIGITS] + "0" * (len(code) - KEPT_DIGITS),
        str(int(_ROUNDED.create_decimal(code))),
        str(int(number)),
        str(int(Decimal(repr(number)))),
    }
    return frozenset(form for form in forms if form != code)


def shortened_forms(code: str) -> frozenset[str]:
    """Return as what a code of digits may be stored that was once taken for a number: without zeros in front, too.

    >>> sorted(shortened_forms("044010600101")), sorted(shortened_forms("12"))
    (['4.40E+10', '4.40106E+10', '44010600101'], [])
    """
    if not (code.isascii() and code.isdecimal()):
        return frozenset()
    short = code.lstrip("0")
    is_scientific = len(short) >= _LEAST_SCIENTIFIC
    written = {f"{Decimal(short):.{digits}E}" for digits in _SHOWN_DIGITS} if is_scientific else set()
    return frozenset(form for form in {short, *spoiled_forms(code), *written} if form and form != code)


def codes_text(codes: Sequence[str]) -> str:
    """Return codes as a message names them."""
    return "、".join(codes[:_MOST_NAMED]) + ("…" if len(codes) > _MOST_NAMED else "")


def codes_by_key(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Return for each key the codes that stand beside it in pairs of both, sorted."""
    found: dict[str, list[str]] = {}
    for key, code in pairs:
        found.setdefault(key, []).append(code)
    return {key: tuple(sorted(codes)) for key, codes in found.items()}
