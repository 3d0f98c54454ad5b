"""Turning the pages of a long list: Streamlit's own pager, and which rows stand on the page that is shown."""

from collections.abc import Callable, Sequence
from math import ceil
from typing import Final, TypeVar

import streamlit as st

from dashboard.kit.widgets import show_note
from dashboard.streamlit import state
from services.i18n import _
from services.wording import number

PER_PAGE: Final = 20
"""Rows of a page whose rows have buttons of their own."""
_MOST_NUMBERS: Final = 5
_WIDTH: Final = 272
"""Pixels for so many numbers on the widest screens, where letters are larger; in less, Streamlit leaves out some even
where there are only three."""
T = TypeVar("T")


def page_number(name: str) -> int:
    """Return which page of a list is asked for, from 1; the list may have become shorter meanwhile."""
    return int(state.saved_value(_key(name)) or 1)


def to_first_page(name: str) -> None:
    """Show the first page of a list when it is drawn next, as after another search."""
    state.keep(f"{name}-rounds", _rounds(name) + 1)


def read_page(name: str, size: int, read: Callable[[int], T], count: Callable[[T], int]) -> T:
    """Return what there is on the page that is asked for, on the last one where the list ends before it.

    Parameters
    ----------
    name, size
        The list, and how many rows a page of it has.
    read
        Reads a page; it is given how many rows come before it.
    count
        Returns how many rows there are in all, from what was read.
    """
    page = page_number(name)
    found = read(size * (page - 1))
    last = _pages(count(found), size)
    return found if page <= last else read(size * (last - 1))


def show_pager(name: str, count: int, size: int, *, on_turn: Callable[[], None] | None = None) -> int:
    """Show which rows are shown and the ways to others, where one page does not hold all; return the page, from 1.

    ``on_turn`` runs before the page is drawn with other rows.
    """
    pages = _pages(count, size)
    page = min(page_number(name), pages)
    if pages > 1:
        with st.container(key=f"{name}-pager", horizontal=True, vertical_alignment="center", gap="small"):
            show_note(range_words(page, count, size))
            st.pagination(
                pages,
                default=page,
                max_visible_pages=_MOST_NUMBERS,
                width=_WIDTH,
                key=_key(name),
                on_change=on_turn,
            )
    return page


def range_words(page: int, count: int, size: int) -> str:
    """Return which rows of how many stand on a page."""
    first, last = size * (page - 1) + 1, min(size * page, count)
    return _("{first}–{last} of {total}", first=number(first), last=number(last), total=number(count))


def show_pages(name: str, rows: Sequence[T]) -> list[tuple[int, T]]:
    """Show the pager of rows that are at hand; return those of the page that is shown, with their positions."""
    first = PER_PAGE * (show_pager(name, len(rows), PER_PAGE) - 1)
    return list(enumerate(rows))[first : first + PER_PAGE]


def _pages(count: int, size: int) -> int:
    return max(ceil(count / size), 1)


def _key(name: str) -> str:
    """Return the key of the pager of a list; another one begins at the first page."""
    return f"{name}-page-{_rounds(name)}"


def _rounds(name: str) -> int:
    """Return how often a list began anew."""
    return int(state.saved_value(f"{name}-rounds") or 0)
