"""What every export says about itself: window, mode, norms, version of the data, when it was made."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from babel.dates import format_date

from services.clock import time_with_zone
from services.context import Context
from services.i18n import Param, Text, current_language, text, translate
from services.rules.fact_names import FICTITIOUS_FACT
from services.rules.norms import Norms
from services.rules.roles import Action
from services.rules.windows import Mode, Window

MARK: Final = text("Internal, do not pass on")
MODE_NAMES: Final = {
    Mode.ROUTINE: text("Routine"),
    Mode.EMERGENCY: text("Emergency"),
    Mode.LOCKDOWN: text("Lockdown"),
}
_COORDINATES: Final = text("EPSG:4326, longitude and latitude (WGS-84, the same as CGCS2000 at this precision)")

_FICTITIOUS: Final = text("Demo data: persons, organisations and places are made up")


@dataclass(frozen=True, slots=True)
class SourceLines:
    """What a coverage table was made from."""

    window: Window
    mode: Mode
    norms: str
    """Name and version of the norms, from ``norms_version``."""
    data_version: int
    made_at: datetime
    fictitious: bool = False
    """Whether the store holds the demo: persons, organisations and places are made up."""


def paper_mark(*, fictitious: bool) -> str:
    """Return what stands at the head of every printed page, in the current language."""
    mark = translate(MARK)
    return f"{mark} · {translate(_FICTITIOUS)}" if fictitious else mark


def holds_demo(context: Context, action: Action) -> bool:
    """Return whether the store of somebody who may do something holds the demo.

    Raises
    ------
    RefusedError
        If the actor's role does not allow the action.
    """
    with context.look(action) as tx:
        return tx.records.read_fact(FICTITIOUS_FACT) is not None


def norms_version(norms: Norms) -> str:
    """Return a short name for the norms in use: it changes whenever any number or source in them changes."""
    return f"norms.toml {hashlib.sha256(repr(norms).encode()).hexdigest()[:8]}"


def window_text(window: Window) -> str:
    """Return a window for reading; midnight at its end is 24:00 of the day before.

    Examples
    --------
    >>> window_text(Window(datetime(2026, 11, 27, 20), datetime(2026, 11, 28)))
    '2026-11-27 周五 20:00–24:00'
    """
    end_day, end_time = window.end, f"{window.end:%H:%M}"
    if end_time == "00:00":
        end_day, end_time = window.end - timedelta(days=1), "24:00"
    start = f"{_day(window.start)} {window.start:%H:%M}"
    if end_day.date() == window.start.date():
        return f"{start}–{end_time}"
    return f"{start} – {_day(end_day)} {end_time}"


def facts_rows(facts: SourceLines) -> list[tuple[str, str]]:
    """Return label and value of each fact in the current language, the mark first."""
    rows: list[tuple[Text, str]] = [
        (text("Classification"), translate(MARK)),
        (text("Window"), window_text(facts.window)),
        (text("Mode"), translate(MODE_NAMES[facts.mode])),
        (text("Norms"), facts.norms),
        (text("Data version"), str(facts.data_version)),
        (text("Made at"), time_with_zone(facts.made_at)),
        (text("Coordinate system"), translate(_COORDINATES)),
    ]
    if facts.fictitious:
        rows.append((text("Demo"), translate(_FICTITIOUS)))
    return [(translate(label), value) for label, value in rows]


def facts_line(facts: SourceLines) -> str:
    """Return the facts a printed map needs in one line of the current language."""
    parts = [
        window_text(facts.window),
        translate(MODE_NAMES[facts.mode]),
        translate("norms {version}", version=facts.norms.removeprefix("norms.toml ")),
        translate("data version {version}", version=facts.data_version),
        translate("made {at}", at=time_with_zone(facts.made_at)),
        translate(MARK),
    ]
    return " · ".join([*parts, translate(_FICTITIOUS)] if facts.fictitious else parts)


def record_export(context: Context, target: str, **counts: Param) -> None:
    """Leave an audit row for an export; call it before the file is handed out.

    Raises
    ------
    RefusedError
        If the actor's role does not allow exports.
    """
    with context.act(Action.EXPORT, target) as work:
        work.note(**counts)


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d} {format_date(moment, 'EEE', locale=current_language())}"
