"""CSV and its relatives: which encoding, which delimiter, and the cells."""

import codecs
import csv
import io
from collections.abc import Sequence
from typing import Final

from services.i18n import text
from services.imports.errors import ImportFileError

DELIMITERS: Final = (",", "\t", ";", "，", "|")
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_BYTES: Final = 4096
_SAMPLE_LINES: Final = 30
_MAX_CELL: Final = 10_000_000
AUTO: Final = "auto"


def decode(data: bytes, *, encoding: str = AUTO) -> tuple[str, str]:
    """Return the text of a file and the encoding it was in.

    The ladder is: byte order mark, UTF-16 without one (by where its zero bytes are), strict UTF-8, GB18030 (which
    holds GBK and GB2312). It needs no statistics, which take short GBK files for Korean.

    Raises
    ------
    ImportFileError
        If no step of the ladder, or not the encoding that was asked for, fits.
    """
    if encoding.lower() != AUTO:
        return _decode_as(data, encoding), encoding.lower()
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _decode_as(data, name), name
    for step in (find_utf16(data), "utf-8", "gb18030"):
        try:
            if step:
                return data.decode(step), step
        except UnicodeDecodeError:
            continue
    raise ImportFileError(text("The text is neither UTF-8 nor GB18030; save the file as CSV UTF-8"))


def read_cells(content: str) -> tuple[list[list[str]], str]:
    """Return the rows of a delimited text, blank ones as empty lists, and the delimiter.

    The delimiter is the one that cuts the first lines into the most equal parts; on a tie the earlier in
    ``DELIMITERS``.

    Raises
    ------
    ImportFileError
        If the text has a quote that never ends.
    """
    delimiter = _delimiter(content)
    csv.field_size_limit(_MAX_CELL)
    try:
        if content.count('"') % 2:
            _refuse_endless_quote(content, delimiter)
        return list(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)), delimiter
    except csv.Error as error:
        raise ImportFileError(text("The text cannot be cut into columns; save it as CSV UTF-8 or XLSX")) from error


def _refuse_endless_quote(content: str, delimiter: str) -> None:
    """Refuse a text that ends inside a quote: all rows from there on would be one cell.

    Raises
    ------
    ImportFileError
        Then.
    """
    reader, first = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True), 1
    try:
        for _row in reader:
            first = reader.line_num + 1
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise ImportFileError(
                text("A quotation mark opened in row {row} is never closed; close or delete it", row=first)
            ) from error


def find_utf16(data: bytes) -> str | None:
    """Return the UTF-16 without mark whose high bytes are zero where ASCII (delimiters, digits, line ends) stands."""
    sample = data[:_SAMPLE_BYTES]
    zeros = (sample[0::2].count(0), sample[1::2].count(0))
    if len(data) % 2 or max(zeros) < len(sample) // 40 + 1 or min(zeros) * 4 > max(zeros):
        return None
    return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except LookupError:
        raise ImportFileError(text("The encoding {encoding} is unknown", encoding=encoding)) from None
    except UnicodeDecodeError as error:
        raise ImportFileError(
            text("The file is not in {encoding} (byte {byte})", encoding=encoding, byte=error.start + 1)
        ) from None


def _delimiter(content: str) -> str:
    lines = [line for line in content[: 100 * _MAX_LINE].splitlines()[:_SAMPLE_LINES] if line.strip()]
    return max(DELIMITERS, key=lambda mark: _evenness(lines, mark)) if lines else DELIMITERS[0]


_MAX_LINE: Final = 1000


def _evenness(lines: Sequence[str], delimiter: str) -> tuple[int, int]:
    """Return how many lines have the most frequent number of delimiters above zero, and that number."""
    rows = csv.reader(lines, delimiter=delimiter)
    try:
        counts = [len(row) - 1 for row in rows]
    except csv.Error:
        return 0, 0
    positive = [count for count in counts if count > 0]
    if not positive:
        return 0, 0
    usual = max(set(positive), key=lambda count: (positive.count(count), count))
    return positive.count(usual), usual
