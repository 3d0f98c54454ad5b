"""Long lists of moves, a page at a time: a plan for a whole district has hundreds, and each has buttons of its own."""

from collections.abc import Sequence
from math import ceil
from typing import Final, TypeVar

import streamlit as st

PER_PAGE: Final = 20
_T = TypeVar("_T")


def show_pages(name: str, rows: Sequence[_T]) -> list[tuple[int, _T]]:
    """Show a choice of pages where one does not hold all rows; return the rows of the page with their positions."""
    pages = ceil(len(rows) / PER_PAGE)
    page = 1 if pages < 2 else st.pagination(pages, max_visible_pages=5, key=f"{name}-page-{pages}")
    first = PER_PAGE * (page - 1)
    return list(enumerate(rows))[first : first + PER_PAGE]
