"""Texts in cells of workbooks, whichever library writes them."""

from typing import Final

LIVE_CHARACTERS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for the beginning of a formula (OWASP ASVS 5.0, 1.2.10), full-width forms too."""
_LONGEST: Final = 32_767
_NOT_IN_XML: Final = {n: None for n in range(32) if n not in {9, 10, 13}}


def printable(cell: str) -> str:
    """Return a text without the control characters XML does not have, cut to what a cell holds."""
    return cell.translate(_NOT_IN_XML)[:_LONGEST]
