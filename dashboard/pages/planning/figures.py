"""The figures of the plan at the top of the map: before and after, as the browser counts on from them."""

from dataclasses import dataclass

from dashboard.pages.planning.page_state import PlanningView
from geo.coverage import Status
from services import planning


@dataclass(frozen=True, slots=True)
class PlanTotals:
    """A plan in figures that add up; the browser adds what was dropped since and rounds for people."""

    need: float
    """Persons needed in all grids."""
    missing: float
    """Persons missing in the weak grids with the plan."""
    weak: int
    people: int
    """People whom the plan sends."""
    moves: int
    travel: float
    """Person-minutes on foot."""
    missing_before: float
    """Without the plan."""
    weak_before: int


def total_plan(planning_view: PlanningView) -> PlanTotals:
    """Return the figures of the plan that is open."""
    grids = planning_view.snapshot.grids
    need, missing, weak = grids["need"].sum(), grids["gap"].sum(), int((grids["status"] == Status.WEAK).sum())
    if planning_view.plan is None or not planning_view.moves:
        return PlanTotals(need, missing, weak, 0, 0, 0.0, missing, weak)
    before, after = planning.compare_plan(planning_view.snapshot, planning_view.plan)
    sent = (sum(move.people for move in planning_view.moves), len(planning_view.moves), after.travel)
    return PlanTotals(need, after.unmet, after.weak, *sent, before.unmet, before.weak)
