"""The choice of sections as it stands in this session, until it is kept as a template."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dashboard.streamlit import state
from dashboard.streamlit.state import View
from dashboard.wall.query import WallQuery
from services.briefing import EVERY_SECTION, BriefingRequest, SectionChoice, SectionName
from services.i18n import current_language
from services.rules.windows import Mode, Window

_CHOICES: Final = "briefing-choices"
_COMPARED: Final = "briefing-compared"


def choices() -> tuple[SectionChoice, ...]:
    """Return every section in the order chosen, those left out as well."""
    kept: tuple[SectionChoice, ...] | None = state.saved_value(_CHOICES)
    return complete(kept or EVERY_SECTION)


def complete(choices: Sequence[SectionChoice]) -> tuple[SectionChoice, ...]:
    """Return the choices with every section that is not among them at the end, left out.

    >>> [choice.name.value for choice in complete([Choice(SectionName.PLAN)])][:2]
    ['plan', 'situation']
    """
    there = {choice.name for choice in choices}
    return (*choices, *(SectionChoice(name, is_shown=False) for name in SectionName if name not in there))


def moved(choices: Sequence[SectionChoice], name: SectionName, by: int) -> tuple[SectionChoice, ...]:
    """Return the choices with a section so many places further down; it stops at the ends."""
    order = list(choices)
    at = next(k for k, choice in enumerate(order) if choice.name is name)
    order.insert(max(0, min(len(order) - 1, at + by)), order.pop(at))
    return tuple(order)


def with_change(choices: Sequence[SectionChoice], name: SectionName, **fields: str | bool) -> tuple[SectionChoice, ...]:
    """Return the choices with one of them changed."""
    return tuple(replace(choice, **fields) if choice.name is name else choice for choice in choices)  # type: ignore[arg-type]  # mypy cannot see which field each value is for


def keep(choices: Sequence[SectionChoice]) -> None:
    """Make these the choices of this session."""
    state.keep(_CHOICES, tuple(choices))


def compared_with() -> int | None:
    """Return the number of the frozen briefing that was chosen to compare with; None: the last one of such hours."""
    number: int | None = state.saved_value(_COMPARED)
    return number


def compare_with(number: int | None) -> None:
    """Choose a frozen briefing to compare with."""
    state.keep(_COMPARED, number)


def request_of(window: Window, mode: Mode, plan_id: int | None) -> BriefingRequest:
    """Return what the page asks for."""
    return BriefingRequest(window, mode, current_language(), choices(), plan_id, compared_with())


def live_screen(view: View, mode: Mode, plan_id: int | None) -> WallQuery:
    """Return the address of the screen that says the same and follows the data."""
    there = [choice for choice in choices() if choice.is_shown]
    return WallQuery(
        window=view.window,
        mode=mode if view.mode else None,
        plan=plan_id,
        compare=compared_with(),
        sections=tuple(choice.name for choice in there),
        comments=tuple((choice.name, choice.comment) for choice in there if choice.comment),
        language=current_language(),
    )
