"""Which teams and units could give people to a shift, the nearest first."""

from collections.abc import Collection
from dataclasses import dataclass

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context, Transaction
from services.coverage import CoverageInputs
from services.coverage.posts import zone_chain
from services.rostering.drafts import fetch_shift_for, roster_scope
from services.rostering.groups import TeamTimes, read_team_times
from services.rules.areas import Scope
from services.rules.roster.duties import Shift


@dataclass(frozen=True, slots=True)
class GroupCandidate:
    """A team or unit that could give people to a shift."""

    layer: Layer
    code: str
    name: str
    size: int | None
    """People of a team, stored members of a unit; None where nobody said."""
    free: int | None
    """So many of a team are not on duty then; None of a unit, whose people nobody counts by the hour."""
    order_id: int
    """The order that sends the team then; 0 for none."""
    is_near: bool
    """Whether it is at home in the community of the post, or belongs to it."""

    def most(self, open_seats: int) -> int:
        """Return how many people go into a shift unless somebody says otherwise: no more than seats are open."""
        known = self.size if self.free is None else self.free
        return max(min(open_seats, open_seats if known is None else known), 1)


def find_groups(
    context: Context, roster_id: int, shift_id: int, inputs: CoverageInputs, *, limit: int = 12
) -> list[GroupCandidate]:
    """Return the teams at home in a roster's area and the units of the community of a shift, the nearest first.

    Those who are sent elsewhere then, and teams of which nobody is left, come last.

    Raises
    ------
    UnknownShiftError
        If there is no such shift in the roster.
    """
    with context.look(Action.KEEP_ROSTER) as tx:
        roster, shift = fetch_shift_for(context, tx, roster_id, shift_id)
        post = tx.plans.read_rows(Layer.POSTS, [shift.post_code]).get(shift.post_code, {})
        community = str(post.get("community_code") or "")
        near = {grid for grid, of in zone_chain(inputs).community_of_grid.items() if of == community}
        teams = _find_teams(tx, roster_scope(context, tx, roster), shift, near)
        units = _find_units(tx, community)
    ordered = sorted([*teams, *units], key=_order)
    return ordered[:limit]


def _order(group: GroupCandidate) -> tuple[bool, bool, bool, int, str]:
    is_gone = bool(group.order_id) or group.free == 0
    return is_gone, not group.is_near, group.layer is Layer.UNITS, -(group.free or 0), group.code


def _find_teams(tx: Transaction, scope: Scope, shift: Shift, near: Collection[str]) -> list[GroupCandidate]:
    """Return the teams at home inside an area."""
    teams = scope.limit(Layer.TEAMS, tx.read_layer(Layer.TEAMS, columns=["name", "parent_code", "size"]))
    codes = [str(code) for code in teams.index]
    times = read_team_times(tx, codes, shift.window)
    rows = zip(codes, teams["name"], teams["parent_code"], strict=True)
    return [_team(code, str(name), times, shift, is_near=home in near) for code, name, home in rows]


def _team(code: str, name: str, times: TeamTimes, shift: Shift, *, is_near: bool) -> GroupCandidate:
    size, orders = times.sizes[code], times.orders(code, shift.window)
    free = None if size is None else max(size - times.busy(code, shift.window), 0)
    return GroupCandidate(Layer.TEAMS, code, name, size, free, orders[0].order_id if orders else 0, is_near)


def _find_units(tx: Transaction, community: str) -> list[GroupCandidate]:
    """Return the units that are paired with a community, with how many members of each are stored."""
    paired = tx.pairings.read_paired(community)
    here = tx.plans.read_rows(Layer.UNITS, paired)
    return [
        GroupCandidate(
            Layer.UNITS,
            code=code,
            name=str(here[code]["name"]),
            size=tx.people.count(tx.people.within(units=[code])) or None,
            free=None,
            order_id=0,
            is_near=True,
        )
        for code in paired
        if code in here
    ]
