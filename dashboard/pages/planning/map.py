"""The map of the planner: gap and surplus with the plan, the teams, and what the browser is told of the plan."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import pandas as pd

from dashboard import cache
from dashboard.map import folium_maps
from dashboard.map.component import show_map
from dashboard.pages.planning import page_state as desks
from dashboard.pages.planning.figures import total_plan
from dashboard.pages.planning.move_rows import without_plan
from dashboard.pages.planning.page_state import PlanningState
from dashboard.streamlit import state
from dashboard.streamlit.state import View
from geo.schema import Layer
from services import planning
from services.i18n import _
from services.planning import Move
from services.rules.classes import MapLayer, Scale, ZoneClasses, classify

_FIRST_HEIGHT: Final = 560
_TABLES: Final = "reinforce-tables"


def plan_tables(desk: PlanningState) -> Mapping[Layer, pd.DataFrame]:
    """Return the coverage tables with the plan; made anew only when the plan or what it stands on changed."""
    snapshot = desk.snapshot
    if not desk.moves or desk.plan is None:
        return snapshot.tables
    key = (cache.shown_version(), desk.mode, desk.window, desk.plan.id, desk.plan.revision)
    kept = state.saved_value(_TABLES)
    if kept is None or kept[0] != key:
        kept = (key, planning.tables_with_plan(snapshot, desk.plan))
        state.keep(_TABLES, kept)
    tables: Mapping[Layer, pd.DataFrame] = kept[1]
    return tables


def show_planning_map(
    view: View, desk: PlanningState, proposal: Sequence[Move], part: Mapping[str, Any] | None
) -> None:
    """Show the map; ``part`` is the team of which only some are to be sent, and how many."""
    drawn = cache.planning_map()
    scales = cache.scales(MapLayer.GAP, desk.mode, desk.window)
    payload = folium_maps.make_payload(
        _levels(desk, scales), folium_maps.Marks(), level=view.level, choice=_choice(view)
    )
    payload |= {"plan": plan_payload(desk, scales[Layer.GRIDS], proposal, part)}
    show_map(
        drawn,
        folium_maps.paint_script(payload),
        height=_FIRST_HEIGHT,
        on_pick=lambda: _take(drawn.key, desk),
    )


def _levels(desk: PlanningState, scales: Mapping[Layer, Scale]) -> Mapping[Layer, ZoneClasses]:
    if not desk.moves:
        return without_plan(desk.mode, desk.window)
    return {level: classify(scales[level], table) for level, table in plan_tables(desk).items() if len(table)}


def _take(key: str, desk: PlanningState) -> None:
    desks.take_map(key, desk)


def plan_payload(
    desk: PlanningState, scale: Scale, proposal: Sequence[Move], part: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return what the browser is told of the plan: moves, rules, and which of its events are dealt with."""
    notice, settings = desks.notice(), desk.settings
    return {
        "ground": cache.ground_url(desk.mode, desk.window),
        "desk": desk.key,
        "past": desk.is_over,
        "session": desks.session(),
        "by": desks.planner(),
        "done": list(desks.done_events()),
        "moves": [_move(move) for move in desk.moves],
        "figures": asdict(total_plan(desk)),
        "proposal": [_move(move) for move in proposal],
        "reach": settings.reach_minutes,
        "floor": settings.floor_share,
        "skills": {code: list(names) for code, names in settings.skills.items()},
        "limits": list(scale.limits),
        "chosenTeam": desks.chosen_team(),
        "part": dict(part) if part else None,
        "notice": {"id": notice.number, "text": " ".join(_(said) for said in notice.texts), "tone": notice.tone},
    }


def _move(move: Move) -> dict[str, Any]:
    return {
        "team": move.team_code,
        "grid": move.grid_code,
        "estate": move.estate_code,
        "people": move.people,
        "pinned": move.pinned,
    }


def _choice(view: View) -> dict[str, Any]:
    go, level = state.read_go(), view.zone_level
    return {
        "key": f"{view.zone}/{go.number}",
        "name": level.value if level else "",
        "code": view.zone_code,
        "go": go.visit and bool(level or go.number),
    }
