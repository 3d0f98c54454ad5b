"""The lists beside the map: who is short of people, and who may turn out to be; made once a version and language."""

from collections.abc import Iterator, Mapping
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
from services import coverage
from services.catalog.actions import Action
from services.coverage import NormRange
from services.i18n import Text, _, text
from services.rules.classes import LIKELY
from services.rules.rounding import persons_text
from services.rules.windows import Mode, Window
from services.wording import short_window

ROWS_AT_ONCE: Final = 15


class RankingKind(StrEnum):
    """Whom a list is of."""

    MIXED = "mixed"
    """Mixed estates that are short of people, those to help first in front."""
    GRIDS = "grids"
    """Grids that are short of people, likewise."""
    UNSURE = "unsure"
    """Grids that have enough people on average, but by chance often have not, the least sure in front."""
    PARTS = "parts"
    """Grids that have enough people on average, but not in every part of the day, the largest gap in front."""


RANKING_NAMES: Final[Mapping[RankingKind, Text]] = MappingProxyType(
    {
        RankingKind.MIXED: text("Mixed estates"),
        RankingKind.GRIDS: text("Grids"),
        RankingKind.UNSURE: text("Unsure"),
        RankingKind.PARTS: text("For some hours"),
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
    """Return every list, of what lies inside a wide zone, or of everything; an empty one where nobody is in it.

    ``PARTS`` is there only where the window lies in more than one part of the day.
    """
    there = cache.coverage_view(mode, window)
    mixed = there.ranking[there.ranking["mixed"].astype(bool)]
    zones = {
        RankingKind.MIXED: (Layer.ESTATES, mixed),
        RankingKind.GRIDS: (Layer.GRIDS, there.weak_grids),
        RankingKind.UNSURE: (Layer.GRIDS, unsure_grids(there)),
    }
    if cache.has_parts(window):
        zones[RankingKind.PARTS] = Layer.GRIDS, grids_short_for_hours(there, cache.short_parts(mode, window))
    found = {kind: (of, _within(there, table, level, code, of)) for kind, (of, table) in zones.items()}
    norms = cache.norm_range(mode, window)
    return {
        kind: Ranking(of, len(table), tuple(_lines(kind, table.head(ROWS_AT_ONCE), _unsteady(norms, there, of, table))))
        for kind, (of, table) in found.items()
    }


def unsure_grids(there: CoverageView) -> pd.DataFrame:
    """Return the rows of grids that have enough people on average, but not with a chance of ``LIKELY``."""
    grids = there.tables[Layer.GRIDS]
    unsure = grids[(grids["status"] != Status.WEAK) & (grids["chance"] < LIKELY)]
    return unsure.sort_values(["chance", "residents"], ascending=[True, False], kind="stable")


def grids_short_for_hours(there: CoverageView, short_parts: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of grids that have enough people on average, but not in every part of the day.

    With ``part_gap start end``: how many are missing in the part in which most are.
    """
    grids = there.tables[Layer.GRIDS]
    enough = grids[grids["status"] != Status.WEAK]
    hidden = enough.join(short_parts.rename(columns={"gap": "part_gap"}), how="inner")
    return hidden.sort_values(["part_gap", "residents"], ascending=False, kind="stable")


def part_words(row: "pd.Series[Any]") -> str:
    """Return when a grid of ``grids_short_for_hours`` lacks most people."""
    return short_window(Window(row["start"].to_pydatetime(), row["end"].to_pydatetime()))


def _within(there: CoverageView, table: pd.DataFrame, level: Layer | None, code: str, of: Layer) -> pd.DataFrame:
    return table if level is None else table[table.index.isin(inside(there.tables, level, code, of))]


def _unsteady(norms: NormRange | None, there: CoverageView, level: Layer, ranking: pd.DataFrame) -> frozenset[str]:
    """Return who of the first of a list would not be there if the norms were somewhat different."""
    first = ranking.index[: coverage.FIRST]
    if norms is None or "mixed" not in ranking or len(ranking) <= len(first):
        return frozenset()
    zones = there.tables[level].loc[ranking.index]
    share = norms.steadiness(level, zones, ranking["mixed"].to_numpy(dtype=bool))[first]
    return frozenset(share.index[share < coverage.STEADY].astype(str))


def _lines(kind: RankingKind, zones: pd.DataFrame, unsteady: frozenset[str]) -> Iterator[ZoneLine]:
    if kind is RankingKind.UNSURE:
        yield from _unsure_lines(zones)
        return
    if kind is RankingKind.PARTS:
        yield from _part_lines(zones)
        return
    for place, (code, why) in enumerate(zip(zones.index.astype(str), cache.reasons(zones), strict=True), start=1):
        yield _short_line(place, code, row_of(zones, code), why, is_steady=code not in unsteady)


def _short_line(place: int, code: str, row: "pd.Series[Any]", reason: str, *, is_steady: bool) -> ZoneLine:
    missing, _bar, why = reason.partition(" · ")
    words = why if is_steady else f"{why} · " + _("place not certain")
    return ZoneLine(code, f"{place}  {zone_name(row)}", missing, words)


def _part_lines(grids: pd.DataFrame) -> list[ZoneLine]:
    return [
        ZoneLine(
            str(code), zone_name(row), _("{number} missing", number=persons_text(row["part_gap"])), part_words(row)
        )
        for code, row in grids.iterrows()
    ]


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
