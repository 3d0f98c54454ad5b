"""The parts of a wide zone, those that lack most people in front: made once a version, area, window and language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from dashboard import cache
from dashboard.cache.by_version import by_version
from dashboard.cache.rankings import ZoneLine
from dashboard.cache.store_versions import of_shown
from dashboard.kit.words import balance_words, coverage_words, zone_name
from dashboard.kit.zone_tree import Tables, inside
from geo.coverage import Status
from geo.schema import WIDE_LAYERS, ZONE_LAYERS, Layer
from services import coverage
from services.briefing.words import join_names
from services.catalog.actions import Action
from services.i18n import Text, _, text
from services.rules.windows import Mode, Window

ROWS_AT_ONCE: Final = 8
"""So many that the estates below are still in sight."""
WORST: Final = 3
"""Zones that are named in the sentence above the list."""
_NO_BREAK: Final = "\u00a0"
_USUAL: Final = (Layer.SUBDISTRICTS, Layer.COMMUNITIES)
_WORST_NAMED: Final[Mapping[Layer, Sequence[Text]]] = {
    Layer.DISTRICTS: (
        text("Only one district is short of people: {places}"),
        text("The two districts that lack most: {places}"),
        text("The three districts that lack most: {places}"),
    ),
    Layer.SUBDISTRICTS: (
        text("Only one sub-district is short of people: {places}"),
        text("The two sub-districts that lack most: {places}"),
        text("The three sub-districts that lack most: {places}"),
    ),
    Layer.COMMUNITIES: (
        text("Only one community is short of people: {places}"),
        text("The two communities that lack most: {places}"),
        text("The three communities that lack most: {places}"),
    ),
}


@dataclass(frozen=True, slots=True)
class Subdivision:
    """The parts of a wide zone, or of everything, that are short of people."""

    level: Layer
    """The level of the parts."""
    count: int
    """How many are short of people."""
    worst: str
    """Who lacks most, in a sentence; empty where nobody lacks anyone."""
    rows: tuple[ZoneLine, ...]
    """The first ``ROWS_AT_ONCE``."""


def subdivide(mode: Mode, window: Window, level: Layer | None, code: str, shown_level: str) -> Subdivision | None:
    """Return the parts of a wide zone (of everything: level None) that are short of people, the worst first.

    None where it has no parts (``level_of_parts``).
    """
    parts = level_of_parts(cache.coverage_view(mode, window).tables, level, code, shown_level)
    return None if parts is None else _subdivide(mode, window, level, code, parts)


def level_of_parts(tables: Tables, level: Layer | None, code: str, shown_level: str) -> Layer | None:
    """Return the level of the parts of a wide zone, or of everything (level None).

    That is the level chosen for the map (``shown_level``) where its zones are parts; else sub-districts, or communities
    where there are no two sub-districts. None where the zone is not wide or has fewer than two parts.
    """
    below = WIDE_LAYERS if level is None else ZONE_LAYERS[ZONE_LAYERS.index(level) + 1 : len(WIDE_LAYERS)]
    wanted = (Layer(shown_level), *_USUAL) if shown_level in set(below) else _USUAL
    possible = (layer for layer in wanted if layer in below)
    return next((layer for layer in possible if len(_parts(tables, level, code, layer)) > 1), None)


# 2 KB each.
@by_version(of_shown, most=512, within=Action.VIEW_COVERAGE, language=True)
def _subdivide(mode: Mode, window: Window, level: Layer | None, code: str, parts: Layer) -> Subdivision:
    tables = cache.coverage_view(mode, window).tables
    zones = _parts(tables, level, code, parts)
    short = coverage.by_gap(cache.coverage_inputs(), zones[zones["status"] == Status.WEAK], parts)
    first = enumerate(short.head(ROWS_AT_ONCE).iterrows(), start=1)
    rows = (_line(place, str(code), row) for place, (code, row) in first)
    return Subdivision(parts, len(short), _worst_text(short, parts), tuple(rows))


def _parts(tables: Tables, level: Layer | None, code: str, parts: Layer) -> pd.DataFrame:
    table = tables[parts]
    return table if level is None else table[table.index.isin(inside(tables, level, code, parts))]


def _line(place: int, code: str, row: pd.Series) -> ZoneLine:
    return ZoneLine(code, f"{place}  {zone_name(row)}", balance_words(row), coverage_words(row))


def _worst_text(short: pd.DataFrame, parts: Layer) -> str:
    named = [
        _("{name} ({missing})", name=zone_name(row), missing=balance_words(row).replace(" ", _NO_BREAK))
        for _code, row in short.head(WORST).iterrows()
    ]
    return _(_WORST_NAMED[parts][len(named) - 1], places=join_names(named)) if named else ""
