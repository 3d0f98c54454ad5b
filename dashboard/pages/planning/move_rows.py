"""What the lists of teams and grids say: made once for each version, area, window and language, shared, read-only."""

from collections.abc import Mapping
from typing import Any

from dashboard import cache
from dashboard.cache.by_version import by_version
from dashboard.cache.store_versions import of_shown
from dashboard.kit.words import tell_apart
from geo.ranking import order_by_gap
from geo.schema import Layer
from services import planning
from services.catalog.actions import Action
from services.i18n import _
from services.rules.classes import MapLayer, ZoneClasses, classify
from services.rules.rounding import round_table, shown_text
from services.rules.windows import Mode, Window


# 0.2 MB each for 2,000 grids and 1,000 teams.
@by_version(of_shown, within=Action.PLAN, language=True)
def team_lines(mode: Mode, window: Window) -> Mapping[str, str]:
    """Return the teams by code, each with its size and where it is."""
    rows = planning.team_table(cache.planning_snapshot(mode, window)).to_dict("index")
    return tell_apart({str(code): _team_line(row) for code, row in rows.items()})


def _team_line(row: Mapping[Any, Any]) -> str:
    free = _("free") if row["free"] >= row["size"] else _("Sent to {grid}", grid=row["sent_to"])
    return f"{row['name']} · {_('{n} people', n=row['size'])} · {row['home_name']} · {free}"


@by_version(of_shown, within=Action.PLAN, language=True)
def grid_lines(mode: Mode, window: Window) -> Mapping[str, str]:
    """Return the grids by code, the weakest first, each with whom it lacks."""
    grids = cache.planning_snapshot(mode, window).grids
    missing = round_table(grids)["gap"]
    order = grids.index[order_by_gap(missing, grids["residents"], grids.index, ratio=grids["ratio"])]
    gaps, names = missing.to_dict(), grids["name"].to_dict()
    return tell_apart({str(code): _grid_line(names[code] or code, gaps[code]) for code in order})


def _grid_line(name: str, gap: float) -> str:
    return f"{name} · {_('{number} missing', number=shown_text(gap))}" if gap > 0 else name


@by_version(of_shown, within=Action.PLAN)
def without_plan(mode: Mode, window: Window) -> Mapping[Layer, ZoneClasses]:
    """Return gap and surplus of each level without a plan."""
    scales = cache.scales(MapLayer.GAP, mode, window)
    tables = cache.planning_snapshot(mode, window).tables
    return {level: classify(scales[level], table) for level, table in tables.items() if len(table)}
