"""The map of the planner: gap and surplus with the plan, the teams, and what the browser is told of the plan."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any, Final

import pandas as pd

from dashboard import cache
from dashboard.map import folium_maps
from dashboard.map.bridge import show_map
from dashboard.pages.planning import page_state
from dashboard.pages.planning.figures import total_plan
from dashboard.pages.planning.move_rows import without_plan
from dashboard.pages.planning.page_state import PlanningView
from dashboard.streamlit import state
from dashboard.streamlit.state import View
from geo.schema import Layer
from services import planning
from services.i18n import _
from services.planning import Move, Plan
from services.planning.preview import ASKED_FROM
from services.planning.snapshot import floor_share
from services.rules.classes import MapLayer, Scale, ZoneClasses, classify

_FIRST_HEIGHT: Final = 560
_TABLES: Final = "reinforce-tables"
WithPlan = tuple[Mapping[Layer, pd.DataFrame], Mapping[Layer, ZoneClasses]]
"""Need and supply with a plan, and how the zones are painted."""


def plan_tables(planning_view: PlanningView) -> Mapping[Layer, pd.DataFrame]:
    """Return need and supply of every level with the plan; kept until the plan or what it stands on changes."""
    if not planning_view.moves or planning_view.plan is None:
        return planning_view.snapshot.tables
    tables, _classes = _with_plan(planning_view, planning_view.plan)
    return tables


def _with_plan(planning_view: PlanningView, plan: Plan) -> WithPlan:
    key = (
        cache.shown_version(),
        planning_view.mode,
        planning_view.window,
        plan.id,
        plan.revision,
    )
    kept = state.saved_value(_TABLES)
    if kept is None or kept[0] != key:
        tables = planning.balances_with_plan(planning_view.snapshot, plan)
        scales = cache.scales(MapLayer.GAP, planning_view.mode, planning_view.window)
        classes = {level: classify(scales[level], table) for level, table in tables.items() if len(table)}
        kept = (key, (tables, classes))
        state.keep(_TABLES, kept)
    found: WithPlan = kept[1]
    return found


def show_planning_map(
    view: View, planning_view: PlanningView, proposal: Sequence[Move], part: Mapping[str, Any] | None
) -> None:
    """Show the map; ``part`` is the team of which only some are to be sent, and how many."""
    drawn = cache.planning_map()
    scales = cache.scales(MapLayer.GAP, planning_view.mode, planning_view.window)
    payload = folium_maps.make_payload(
        _levels(planning_view), folium_maps.Marks(), level=view.level, choice=state.map_choice(view)
    )
    payload |= {"plan": plan_payload(planning_view, scales[Layer.GRIDS], proposal, part)}
    show_map(
        drawn,
        folium_maps.paint_script(payload),
        height=_FIRST_HEIGHT,
        on_pick=partial(page_state.take_map, drawn.key, planning_view),
    )


def _levels(planning_view: PlanningView) -> Mapping[Layer, ZoneClasses]:
    if not planning_view.moves or planning_view.plan is None:
        return without_plan(planning_view.mode, planning_view.window)
    _tables, classes = _with_plan(planning_view, planning_view.plan)
    return classes


def plan_payload(
    planning_view: PlanningView, scale: Scale, proposal: Sequence[Move], part: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return what the browser is told of the plan: moves, rules, and which of its events are dealt with."""
    notice, settings = page_state.notice(), planning_view.settings
    return {
        "ground": cache.ground_url(planning_view.mode, planning_view.window),
        "desk": planning_view.key,
        "past": planning_view.is_over,
        "session": page_state.session(),
        "by": page_state.planner(),
        "done": list(page_state.done_events()),
        "moves": [_move(move) for move in planning_view.moves],
        "figures": asdict(total_plan(planning_view)),
        "proposal": [_move(move) for move in proposal],
        "reach": settings.reach_minutes,
        "floor": floor_share(planning_view.snapshot, settings),
        "askedFrom": ASKED_FROM,
        "skills": {code: list(names) for code, names in settings.skills.items()},
        "limits": list(scale.limits),
        "chosenTeam": page_state.chosen_team(),
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
