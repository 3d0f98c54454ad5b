"""Formulas of a workbook in which one row has become many: every reference goes on naming what it named.

The rule (``docs/adr/0043``), for a row that is repeated for each zone:

- Rows below it move down. A range that holds the row holds all of its copies; so does a lone cell of the row inside a
  function that adds up (``SUM(B5)``), but any other lone reference from outside stays with the first copy.
- In the copies a reference to the row itself follows the copy, and so does one to the row right above (running numbers
  and balances); other cells outside the row stay the same cells, with or without ``$``.
- In the copies ``$`` before the row number means the whole column of copies within a range or a function that adds up,
  and the first copy anywhere else.
- References to rows that are repeated on another sheet follow the same zone.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError

from services.i18n import text
from services.imports.errors import ImportFileError

_ADD_UP: Final = "SUM AVERAGE COUNT COUNTA COUNTBLANK MAX MIN PRODUCT MEDIAN STDEV STDEVP VAR VARP SUBTOTAL AGGREGATE"
AGGREGATES: Final = frozenset(_ADD_UP.split())
"""Functions for which one cell is a range of one."""
MAX_ROWS: Final = 1_048_576
"""Rows of a sheet of this format; ranges down to the last one stay so."""
_SHEET: Final = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!")
_CELLS: Final = re.compile(r"(\$?)([A-Z]{1,3})(\$?)(\d{1,7})(?::(\$?)([A-Z]{1,3})(\$?)(\d{1,7}))?", re.IGNORECASE)
_ROWS: Final = re.compile(r"(\$?)(\d{1,7}):(\$?)(\d{1,7})")


@dataclass(frozen=True, slots=True)
class RowRepetition:
    """One row (counted from 1) that becomes ``count`` rows; those below it move down."""

    row: int
    count: int

    @property
    def shift(self) -> int:
        """By how many rows those below move down."""
        return self.count - 1

    def move(self, row: int) -> int:
        """Return where a row stands afterwards; of the repeated one its first copy.

        Examples
        --------
        >>> [RowRepetition(5, 3).move(row) for row in (4, 5, 6)]
        [4, 5, 8]
        """
        return min(row + self.shift, MAX_ROWS) if row > self.row else row

    def move_range(self, first: int, last: int) -> tuple[int, int]:
        """Return where rows from first to last stand afterwards; the repeated one with all of its copies.

        Examples
        --------
        >>> RowRepetition(5, 3).move_range(5, 5), RowRepetition(5, 3).move_range(2, 4)
        ((5, 7), (2, 4))
        """
        return self.move(first), min(last + self.shift, MAX_ROWS) if last >= self.row else last


@dataclass(frozen=True, slots=True)
class FormulaPlace:
    """Where a formula stands: on which sheet, and in which copy of its repeated row (from 0; None outside of it)."""

    sheet: str
    copy: int | None = None


def move_formula(formula: str, place: FormulaPlace, repetitions: Mapping[str, RowRepetition]) -> str:
    """Return a formula as it reads once rows of sheets (by name) are repeated.

    Parameters
    ----------
    formula
        With or without ``=`` in front, as it came.
    place
        Where it stands.
    repetitions
        The repeated row of each sheet that has one.

    Examples
    --------
    >>> row = {"表": RowRepetition(5, 3)}
    >>> move_formula("=SUM(B5:B5)/B9", FormulaPlace("表"), row)
    '=SUM(B5:B7)/B11'
    >>> move_formula("=C5/SUM(C$5)+A4", FormulaPlace("表", 2), row)
    '=C7/SUM(C$5:C$7)+A6'
    """
    bare = not formula.startswith("=")
    tokens = _tokens(f"={formula}" if bare else formula)
    for token, is_aggregate in _references(tokens):
        token.value = _move_reference(token.value, place, repetitions, is_aggregate=is_aggregate)
    moved = "".join(token.value for token in tokens)
    return moved if bare else f"={moved}"


def move_range_text(reference: str, repetitions: Mapping[str, RowRepetition]) -> str:
    """Return a reference that always means a range, as charts have them: a lone cell of the row is all copies then.

    Examples
    --------
    >>> move_range_text("表!$B$5", {"表": RowRepetition(5, 3)})
    '表!$B$5:$B$7'
    """
    return _move_reference(reference, FormulaPlace(""), repetitions, is_aggregate=True)


def names_one_copy(formula: str, place: FormulaPlace, repetitions: Mapping[str, RowRepetition]) -> bool:
    """Return whether a formula outside of the copies names a repeated row by a lone cell, which is the first copy then.

    Examples
    --------
    >>> row = {"表": RowRepetition(5, 3)}
    >>> names_one_copy("=B5+1", FormulaPlace("表"), row), names_one_copy("=SUM(B5)+1", FormulaPlace("表"), row)
    (True, False)
    """
    if place.copy is not None:
        return False
    for token, is_aggregate in _references(_tokens(formula)):
        sheet, cells = sheet_of(token.value, place.sheet)
        repetition, match = _repetition_of(sheet, repetitions), _CELLS.fullmatch(cells)
        if repetition and match and not match[8] and int(match[4]) == repetition.row and not is_aggregate:
            return True
    return False


def _tokens(formula: str) -> list[Token]:
    """Return the parts of a formula.

    Raises
    ------
    ImportFileError
        If it is none.
    """
    try:
        return list(Tokenizer(formula).items)
    except (TokenizerError, IndexError) as error:
        sentence = text("The formula {formula} in the workbook cannot be read; correct it there", formula=formula[:60])
        raise ImportFileError(sentence) from error


def _references(tokens: list[Token]) -> Iterator[tuple[Token, bool]]:
    """Yield the references of a formula, and whether each is a whole argument of a function that adds up."""
    functions: list[str] = []
    filled = [token for token in tokens if token.type != Token.WSPACE]
    for before, token, after in zip([None, *filled], filled, [*filled[1:], None], strict=False):
        if token.subtype == Token.OPEN:
            functions.append(token.value.rstrip("(").upper() if token.type == Token.FUNC else "")
        elif token.subtype == Token.CLOSE and functions:
            functions.pop()
        elif token.type == Token.OPERAND and token.subtype == Token.RANGE:
            alone = before is not None and (before.subtype == Token.OPEN or before.type == Token.SEP)
            alone = alone and after is not None and (after.subtype == Token.CLOSE or after.type == Token.SEP)
            yield token, alone and bool(functions) and functions[-1] in AGGREGATES


def sheet_of(reference: str, own: str) -> tuple[str, str]:
    """Return the sheet a reference names (``own`` where it names none) and the cells of it.

    Examples
    --------
    >>> sheet_of("'甲''s'!$A$1:B2", "表"), sheet_of("B2", "表")
    (("甲's", '$A$1:B2'), ('表', 'B2'))
    """
    match = _SHEET.match(reference)
    if match is None:
        return own, reference
    return (match[1].replace("''", "'") if match[1] else match[2]), reference[match.end() :]


def _move_reference(
    reference: str, place: FormulaPlace, repetitions: Mapping[str, RowRepetition], *, is_aggregate: bool
) -> str:
    sheet, cells = sheet_of(reference, place.sheet)
    repetition = _repetition_of(sheet, repetitions)
    if repetition is None:
        return reference
    prefix = reference.removesuffix(cells)
    is_own = sheet.casefold() == place.sheet.casefold()
    mover = _Mover(repetition, place.copy, is_own=is_own, is_aggregate=is_aggregate)
    if match := _CELLS.fullmatch(cells):
        return prefix + (mover.range(match) if match[8] else mover.cell(match))
    if match := _ROWS.fullmatch(cells):
        first, last = mover.ends((match[1], int(match[2])), (match[3], int(match[4])))
        return f"{prefix}{match[1]}{first}:{match[3]}{last}"
    return reference


def _repetition_of(sheet: str, repetitions: Mapping[str, RowRepetition]) -> RowRepetition | None:
    return next((each for name, each in repetitions.items() if name.casefold() == sheet.casefold()), None)


@dataclass(frozen=True, slots=True)
class _Mover:
    """Moves references of one formula to one sheet."""

    repetition: RowRepetition
    copy: int | None
    is_own: bool
    is_aggregate: bool

    def cell(self, match: re.Match[str]) -> str:
        """Return a lone cell, or the range that it becomes."""
        column, fixed, row = f"{match[1]}{match[2]}", match[3], int(match[4])
        if self.is_aggregate and row == self.repetition.row and (self.copy is None or fixed):
            first, last = self.repetition.move_range(row, row)
            return f"{column}{fixed}{first}" + (f":{column}{fixed}{last}" if last > first else "")
        return f"{column}{fixed}{self._row(fixed, row)}"

    def range(self, match: re.Match[str]) -> str:
        first, last = self.ends((match[3], int(match[4])), (match[7], int(match[8])))
        return f"{match[1]}{match[2]}{match[3]}{first}:{match[5]}{match[6]}{match[7]}{last}"

    def ends(self, first: tuple[str, int], last: tuple[str, int]) -> tuple[int, int]:
        """Return the rows of both ends of a range, each with its ``$``."""
        if first[1] > last[1]:
            low, high = self.ends(last, first)
            return high, low
        if self.copy is None or (first[0] and last[0]):
            return self.repetition.move_range(first[1], last[1])
        return self._row(*first), self._row(*last)

    def _row(self, fixed: str, row: int) -> int:
        if self.copy is not None and not fixed and self._follows(row):
            return row + self.copy
        return self.repetition.move(row)

    def _follows(self, row: int) -> bool:
        return row == self.repetition.row or (self.is_own and row == self.repetition.row - 1)
