"""The strip of the next 72 hours: our own component, because a chart library has no keys and weighs a second."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import streamlit as st

from services.i18n import _
from services.rules.class_colours import WEAK_COLOURS
from services.rules.windows import Window, format_window
from services.wording import number

_DIR: Final = Path(__file__).parent
_HTML: Final = (
    '<div class="strip"><h4><span class="title"></span><span class="most"></span></h4>'
    '<div class="bars" role="group"></div><div class="days"></div></div>'
)
_HEIGHT: Final = 84


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of the strip."""

    start: datetime
    weak: int
    chosen: bool
    estimated: int = 0
    """Weak grids if no roster were known; shown where a roster holds."""
    roster_share: float | None = None
    """Share of the grids that rosters hold in it, 0 to 1; None where there are no rosters."""


def timeline_data(hours: Sequence[Hour], grids: int, day_names: Sequence[str]) -> dict[str, Any]:
    """Return what the strip draws.

    Parameters
    ----------
    hours
        In order of time.
    grids
        How many grids there are, by which a number is many or few.
    day_names
        The names of the days of the week, Monday first.
    """
    named = [(hour, f"{hour.start:%m-%d} {day_names[hour.start.weekday()]}") for hour in hours]
    days, first = [], 0
    most = max((max(hour.weak, hour.estimated if hour.roster_share else 0) for hour in hours), default=0)
    for name, group in groupby(named, key=lambda pair: pair[1]):
        count = len(list(group))
        days.append({"label": name if count > 4 else "", "first": first, "hours": count})
        first += count
    return {
        "label": _("Weak grids in the next 72 hours"),
        "most": most,
        "mostLabel": _most_words(hours, most),
        "days": days,
        "hours": [
            {
                "start": hour.start.isoformat(timespec="minutes"),
                "label": _hour_words(hour, day),
                "weak": hour.weak,
                "estimated": hour.estimated if hour.roster_share else None,
                "bare": hour.roster_share == 0,
                "grade": grade(hour.weak, grids),
                "chosen": hour.chosen,
            }
            for hour, day in named
        ],
    }


def _most_words(hours: Sequence[Hour], most: int) -> str:
    words = _("Most: {count}", count=number(most))
    if all(hour.roster_share is None for hour in hours):
        return words
    return _("solid: by roster, outline: estimated, hatched: no roster · {most}", most=words)


def _hour_words(hour: Hour, day: str) -> str:
    words = _("{day} {hour}:00, {weak} weak grids", day=day, hour=f"{hour.start:%H}", weak=hour.weak)
    if hour.roster_share is None:
        return words
    if not hour.roster_share:
        return _("{hour} (no roster, estimated)", hour=words)
    return _("{hour} (by roster; estimated {count})", hour=words, count=number(hour.estimated))


def grade(weak: int, grids: int) -> int:
    """Return 1 (under a third of the grids is weak), 2 (under two thirds) or 3."""
    share = weak / grids if grids else 0.0
    return 1 if share < 1 / 3 else 2 if share < 2 / 3 else 3


def show_hour_timeline(data: dict[str, Any], *, key: str, on_choose: Callable[[], None]) -> None:
    """Show the strip; ``on_choose`` runs when an hour is clicked, ``chosen_hour`` then tells which."""
    _component()(key=key, data=data, height=_HEIGHT, on_hour_change=on_choose)


def chosen_window(start: str) -> str:
    """Return the window of one hour as ``start/end``."""
    begin = datetime.fromisoformat(start)
    return format_window(Window(begin, begin + timedelta(hours=1)))


@cache
def _component() -> Any:
    script, style = ((_DIR / name).read_text(encoding="utf-8") for name in ("hour_timeline.js", "hour_timeline.css"))
    return st.components.v2.component("gm_strip", html=_HTML, css=_grade_colours() + style, js=script)


def _grade_colours() -> str:
    names = (f"--grade{k}: {colour}" for k, colour in enumerate(WEAK_COLOURS, start=1))
    return f".strip {{ {'; '.join(names)}; }}\n"
