"""What the lists of teams and grids say: made once for each version, area, window and language, shared, read-only."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from dashboard import cache
from dashboard.cache import ViewKey
from dashboard.kit.words import tell_apart
from geo.ranking import order_by_gap
from geo.schema import Layer
from services import planning
from services.i18n import _, current_language
from services.planning import PlanningSnapshot
from services.rules.classes import MapLayer, ZoneClasses, classify
from services.rules.rounding import round_table, shown_text
from services.rules.windows import Mode, Window


def team_lines(mode: Mode, window: Window) -> Mapping[str, str]:
    """Return the teams by code, each with its size and where it is."""
    return _team_lines(cache.view_key(mode, window), current_language())


def grid_lines(mode: Mode, window: Window) -> Mapping[str, str]:
    """Return the grids by code, the weakest first, each with whom it lacks."""
    return _grid_lines(cache.view_key(mode, window), current_language())


def without_plan(mode: Mode, window: Window) -> Mapping[Layer, ZoneClasses]:
    """Return gap and surplus of each level without a plan."""
    return _without_plan(cache.view_key(mode, window))


# 0.2 MB each for 2,000 grids and 1,000 teams.
@lru_cache(maxsize=64)
def _team_lines(shown: ViewKey, language: str) -> Mapping[str, str]:
    del language  # it is part of the key
    rows = planning.team_table(_board(shown)).to_dict("index")
    return tell_apart({str(code): _team_line(row) for code, row in rows.items()})


def _team_line(row: Mapping[Any, Any]) -> str:
    free = _("free") if row["free"] >= row["size"] else _("Sent to {grid}", grid=row["sent_to"])
    return f"{row['name']} · {_('{n} people', n=row['size'])} · {row['home_name']} · {free}"


@lru_cache(maxsize=64)
def _grid_lines(shown: ViewKey, language: str) -> Mapping[str, str]:
    del language
    grids = _board(shown).grids
    missing = round_table(grids)["gap"]
    order = grids.index[order_by_gap(missing, grids["residents"], grids.index)]
    gaps, names = missing.to_dict(), grids["name"].to_dict()
    return tell_apart({str(code): _grid_line(names[code] or code, gaps[code]) for code in order})


def _grid_line(name: str, gap: float) -> str:
    return f"{name} · {_('{number} missing', number=shown_text(gap))}" if gap > 0 else name


@lru_cache(maxsize=64)
def _without_plan(shown: ViewKey) -> Mapping[Layer, ZoneClasses]:
    scales = cache.scales(MapLayer.GAP, shown.mode, shown.window)
    tables = _board(shown).tables
    return {level: classify(scales[level], table) for level, table in tables.items() if len(table)}


def _board(shown: ViewKey) -> PlanningSnapshot:
    return cache.planning_snapshot(shown.mode, shown.window)
