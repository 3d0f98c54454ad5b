"""What every export says about itself: area, window, mode, who made it and when, and what its figures rest on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pandas as pd

from geo.schema import Layer
from services.accounts import Imprint
from services.catalog.actions import Action
from services.clock import time_with_zone
from services.context import Context, Work
from services.i18n import Param, Text, text, translate
from services.planning import PeopleCounts
from services.rules.fact_names import FICTITIOUS_FACT
from services.rules.layer_names import LAYER_NAMES
from services.rules.rounding import FIGURES, shown_text, sum_balance
from services.rules.windows import MODE_NAMES, Mode, Window
from services.use_cases import use_case
from services.wording import MADE_UP, MARK, full_window, people_text

_COORDINATES: Final = text("EPSG:4326, longitude and latitude (WGS-84, the same as CGCS2000 at this precision)")

_ROUNDING: Final = text(
    "The total is added up first and rounded last. Rows are rounded each by itself: added up by hand they can differ"
    " from it by half a person a row"
)
_ESTATES: Final = text(
    "Who lives in no estate, is sent to a grid or stands there by roster counts in the grid only, so that estates lack"
    " more than their grids do"
)


@dataclass(frozen=True, slots=True)
class SourceLines:
    """What a coverage table was made from."""

    window: Window
    mode: Mode
    norms: str
    """Name and version of the norms, from ``norms_version``."""
    data_version: int
    made_at: datetime
    imprint: Imprint
    fictitious: bool = False
    """Whether the store holds the demo: persons, organisations and places are made up."""
    order_people: PeopleCounts | None = None
    """How many people orders sent for the window, and how many of them are reported there; None where nobody asked."""


def paper_mark(*, fictitious: bool) -> str:
    """Return what stands at the head of every printed page, in the current language."""
    mark = translate(MARK)
    return f"{mark} · {translate(MADE_UP)}" if fictitious else mark


def holds_demo(context: Context, action: Action) -> bool:
    """Return whether the store of somebody who may do something holds the demo.

    Raises
    ------
    RefusedError
        If the actor's role does not allow the action.
    """
    with context.look(action) as tx:
        return tx.records.read_fact(FICTITIOUS_FACT) is not None


def facts_rows(facts: SourceLines) -> list[tuple[str, str]]:
    """Return label and value of each fact in the current language, the mark first."""
    rows: list[tuple[Text, str]] = [
        (text("Classification"), translate(MARK)),
        *imprint_rows(facts.imprint),
        (text("Window"), full_window(facts.window)),
        (text("Mode"), translate(MODE_NAMES[facts.mode])),
        (text("Made at"), time_with_zone(facts.made_at)),
        (text("Norms"), facts.norms),
        (text("Data version"), str(facts.data_version)),
        (text("Coordinate system"), translate(_COORDINATES)),
    ]
    if facts.order_people is not None:
        rows.append((text("People sent"), _sent_words(facts.order_people)))
    if facts.fictitious:
        rows.append((text("Demo"), translate(MADE_UP)))
    return [(translate(label), value) for label, value in rows]


def total_rows(table: pd.DataFrame, level: Layer) -> list[tuple[str, str]]:
    """Return label and value of what the zones of a coverage table come to, and why their rows may not add up to it."""
    balance = sum_balance(table)
    total = translate(
        "need {need}, met {met}, gap {gap}, surplus {surplus}",
        **{name: shown_text(getattr(balance, name)) for name in FIGURES},
    )
    rows = [(translate("Total"), total), (translate("Rounding"), translate(_ROUNDING))]
    if level is Layer.ESTATES:
        rows.append((translate(LAYER_NAMES[level]), translate(_ESTATES)))
    return rows


def _sent_words(people: PeopleCounts) -> str:
    return translate(
        "sent {sent}, reported there {arrived}; supply counts them as sent",
        sent=people_text(people.sent),
        arrived=people_text(people.arrived),
    )


def imprint_rows(imprint: Imprint) -> list[tuple[Text, str]]:
    """Return label and value of the area and of who made it; an area without a name is left out."""
    rows = ((text("Covers"), translate(imprint.area)), (text("Made by"), translate(imprint.maker)))
    return [(label, said) for label, said in rows if said]


def facts_line(facts: SourceLines) -> str:
    """Return the facts a printed map needs in one line of the current language."""
    parts = [
        translate(facts.imprint.area),
        full_window(facts.window),
        translate(MODE_NAMES[facts.mode]),
        translate("made by {maker}", maker=facts.imprint.maker),
        translate("made {at}", at=time_with_zone(facts.made_at)),
        translate(MARK),
        translate(MADE_UP) if facts.fictitious else "",
    ]
    return " · ".join(part for part in parts if part)


@use_case(Action.EXPORT, "{target}")
def record_export(work: Work, /, target: str, **counts: Param) -> None:
    """Leave an audit row for an export; call it before the file is handed out.

    Raises
    ------
    RefusedError
        If the actor's role does not allow exports.
    """
    work.note(**counts)
