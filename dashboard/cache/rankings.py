"""The lists beside the map: who is short of people, and who may turn out to be; made once a version and language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from dashboard import cache
from dashboard.cache import CoverageView
from dashboard.cache.by_version import by_version
from dashboard.cache.store_versions import of_shown
from dashboard.kit.words import coverage_words, zone_name
from dashboard.kit.zone_tree import inside, row_of
from geo.coverage import Status
from geo.schema import Layer
from services.catalog.actions import Action
from services.i18n import Text, _, text
from services.rules.classes import LIKELY
from services.rules.windows import Mode, Window

ROWS_AT_ONCE: Final = 15


class RankingKind(StrEnum):
    """Whom a list is of."""

    MIXED = "mixed"
    """Mixed estates that are short of people, those to help first in front."""
    GRIDS = "grids"
    """Grids that are short of people, likewise."""
    UNSURE = "unsure"
    """Grids that have enough people on average, but by chance often have not, the least sure in front."""


RANKING_NAMES: Final[Mapping[RankingKind, Text]] = MappingProxyType(
    {
        RankingKind.MIXED: text("Mixed estates"),
        RankingKind.GRIDS: text("Grids"),
        RankingKind.UNSURE: text("Unsure"),
    }
)


@dataclass(frozen=True, slots=True)
class ZoneLine:
    """A zone in a list."""

    code: str
    name: str
    figure: str
    """How many persons are missing, or to spare."""
    why: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """A list of zones."""

    level: Layer
    """Estates or grids."""
    count: int
    rows: tuple[ZoneLine, ...]
    """The first ``ROWS_AT_ONCE``."""


# 8 KB each.
@by_version(of_shown, most=512, within=Action.VIEW_COVERAGE, language=True)
def rankings(mode: Mode, window: Window, level: Layer | None, code: str) -> Mapping[RankingKind, Ranking]:
    """Return every list, of what lies inside a wide zone, or of everything; an empty one where nobody is in it."""
    there = cache.coverage_view(mode, window)
    mixed = there.ranking[there.ranking["mixed"].astype(bool)]
    zones = {
        RankingKind.MIXED: (Layer.ESTATES, mixed, _short_lines),
        RankingKind.GRIDS: (Layer.GRIDS, there.weak_grids, _short_lines),
        RankingKind.UNSURE: (Layer.GRIDS, unsure_grids(there), _unsure_lines),
    }
    return {
        kind: _ranking(of, _within(there, table, level, code, of), lines) for kind, (of, table, lines) in zones.items()
    }


def unsure_grids(there: CoverageView) -> pd.DataFrame:
    """Return the rows of grids that have enough people on average, but not with a chance of ``LIKELY``."""
    grids = there.tables[Layer.GRIDS]
    unsure = grids[(grids["status"] != Status.WEAK) & (grids["chance"] < LIKELY)]
    return unsure.sort_values(["chance", "residents"], ascending=[True, False], kind="stable")


def _within(there: CoverageView, table: pd.DataFrame, level: Layer | None, code: str, of: Layer) -> pd.DataFrame:
    return table if level is None else table[table.index.isin(inside(there.tables, level, code, of))]


def _ranking(level: Layer, table: pd.DataFrame, lines: Callable[[pd.DataFrame], list[ZoneLine]]) -> Ranking:
    return Ranking(level, len(table), tuple(lines(table.head(ROWS_AT_ONCE))))


def _short_lines(ranking: pd.DataFrame) -> list[ZoneLine]:
    codes = zip(ranking.index.astype(str), cache.reasons(ranking), strict=True)
    return [_short_line(place, code, row_of(ranking, code), why) for place, (code, why) in enumerate(codes, start=1)]


def _short_line(place: int, code: str, row: "pd.Series[Any]", reason: str) -> ZoneLine:
    missing, _bar, why = reason.partition(" · ")
    return ZoneLine(code, f"{place}  {zone_name(row)}", missing, why)


def _unsure_lines(grids: pd.DataFrame) -> list[ZoneLine]:
    return [
        ZoneLine(
            str(code),
            zone_name(row),
            _("{percent}% chance of too few", percent=round(100 - 100 * row["chance"])),
            coverage_words(row),
        )
        for code, row in grids.iterrows()
    ]
