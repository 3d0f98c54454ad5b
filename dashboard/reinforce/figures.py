"""The figures at the top of the planner's page: before and after the plan."""

from dashboard.reinforce.desk import Desk
from dashboard.widgets import Figure
from dashboard.words import number
from services import planning
from services.analysis import count_missing
from services.i18n import _


def plan_tiles(desk: Desk) -> list[Figure]:
    """Return the figures of the plan: missing, weak grids, people sent, way."""
    board = desk.board
    gaps = board.grids["gap"].dropna()
    if desk.plan is None or not desk.moves:
        missing, weak = float(gaps.sum()), int((gaps > 0).sum())
        return _tiles(missing, missing, weak, weak, 0, 0, 0.0)
    seen = planning.figures_of(board, desk.plan)
    sent = (seen.people, len(desk.moves), seen.after.travel)
    return _tiles(seen.before.unmet, seen.after.unmet, seen.before.weak, seen.after.weak, *sent)


def _tiles(
    missing: float, left: float, weak: int, weak_left: int, people: int, moves: int, travel: float
) -> list[Figure]:
    walk = _("{minutes} min on foot on average", minutes=round(travel / people)) if people else ""
    return [
        Figure(_("People missing"), *_before_after(count_missing(missing), count_missing(left), _("persons"))),
        Figure(_("Weak grids"), *_before_after(weak, weak_left, _("grids"))),
        Figure(_("Sent by this plan"), number(people), _("persons"), _("{n} moves", n=moves), "even"),
        Figure(_("Way"), number(travel / 60, 1), _("hours of walking"), walk, "even"),
    ]


def _before_after(before: int, after: int, unit: str) -> tuple[str, str, str, str]:
    """Return value, unit, change and tone."""
    less = before - after
    change = _("without the plan {before}", before=number(before)) if less else _("no change yet")
    return number(after), unit, change, "good" if less > 0 else "bad" if less < 0 else "even"
