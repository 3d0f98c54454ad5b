"""Buttons of use cases: what they ask and tell is said by the use case (``services.use_cases``)."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import streamlit as st

from dashboard import cache
from dashboard.kit.outcome import attempt
from dashboard.kit.widgets import plain, show_note
from dashboard.streamlit import session
from services.i18n import Text, _
from services.use_cases import Parameter, UseCase

After = Callable[[], None]
"""What a page does once something is done."""


def show_use_case(case: UseCase[Any, Any], page: str, arguments: Mapping[str, Any], after: After | None = None) -> None:
    """Show the button of a use case for one thing, with what it still asks; nothing to those who may not.

    Parameters
    ----------
    case
        What is to be done; where it has a question, that is agreed to before.
    page
        Where its outcome is told (``kit.outcome.show_outcome``).
    arguments
        What is known of its arguments: the thing it is about.
    after
        What the page does once it is done.
    """
    if session.can(case.action):
        _show_form(case, page, arguments, case.question_text(arguments), after)


def show_use_cases(
    cases: Iterable[UseCase[Any, Any]], page: str, arguments: Mapping[str, Any], after: After | None = None
) -> None:
    """Show several use cases of one thing, each in a box: opening it is the first step, its button the second."""
    for case in cases:
        if session.can(case.action):
            with st.popover(f"{_(case.title)}…", type="tertiary", key=f"box-{_key(case, arguments)}"):
                _show_form(case, page, arguments, None, after)


def _show_form(
    case: UseCase[Any, Any], page: str, arguments: Mapping[str, Any], question: Text | None, after: After | None
) -> None:
    key = _key(case, arguments)
    unknown = [each for each in case.parameters if each.name not in arguments and each.is_required]
    is_bare = case.note is None or not (unknown or case.question)
    if case.note and not is_bare:
        show_note(_(case.note))
    values = {**arguments, **{each.name: _show_field(each, f"{key}-{each.name}") for each in unknown}}
    is_agreed = question is None or st.checkbox(plain(_(question)), key=f"{key}-agreed")
    tip = _(case.note) if case.note and is_bare else None
    if st.button(_(case.title), key=key, help=tip, disabled=not is_agreed):
        with attempt(page) as tell:
            outcome = case.outcome_text(values, case(cache.context(), **values))
            if after:
                after()
            if outcome:
                tell(outcome)
        st.rerun()


def _show_field(parameter: Parameter, key: str) -> Any:
    if parameter.kind is str:
        return st.text_input(_(parameter.label), key=key, max_chars=120)
    return st.number_input(_(parameter.label), key=key, step=1 if parameter.kind is int else 0.1)


def _key(case: UseCase[Any, Any], arguments: Mapping[str, Any]) -> str:
    return "-".join((case.name, *map(str, arguments.values())))
