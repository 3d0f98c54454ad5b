"""A choice of one of many things by name, none of them chosen at first."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import streamlit as st

K = TypeVar("K")


def show_name_choice(
    label: str,
    names: Mapping[K, str],
    *,
    key: str,
    placeholder: str,
    on_choose: Callable[..., None] | None = None,
    **options: Any,
) -> K | None:
    """Show names to choose from; return what the chosen one stands for.

    A name that changed meanwhile comes from the browser as a text: that is no choice, to callbacks neither, which read
    the widget's value themselves.

    Parameters
    ----------
    names
        By what they stand for, no two the same (``dashboard.kit.words.tell_apart``).
    on_choose
        Runs when another one is chosen.
    options
        More of ``st.selectbox``.
    """
    chosen = st.selectbox(
        label,
        list(names),
        index=None,
        key=key,
        format_func=lambda each: names.get(each, str(each)),
        placeholder=placeholder,
        on_change=on_choose,
        **options,
    )
    return chosen if chosen in names else None
