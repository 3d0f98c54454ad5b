"""Teams and units whose people stand in shifts without a name: what they are called, and what stands against them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from geo.schema import Layer
from services.context import Transaction, Work
from services.rostering.drafts import DutyRow
from services.rostering.errors import UnknownGroupError
from services.rostering.ground import read_team_stays
from services.rostering.model import minute, window_of_row
from services.rules.planning import overlap
from services.rules.roster.clash import DutyBreach, DutyRule, Stay, overlap_breach
from services.rules.roster.duties import LIVE, Duty, Shift
from services.rules.windows import Window

DutyGroup = tuple[Layer, str]
"""A team or unit, by its code."""


@dataclass(frozen=True)
class TeamTimes:
    """Where the people of some teams are at some time."""

    sizes: Mapping[str, int | None]
    """By the code of the team; None where nobody said."""
    sent: Mapping[str, Sequence[Stay]]
    """Where they are sent."""
    on_duty: Mapping[str, list[tuple[Window, int]]] = field(default_factory=lambda: defaultdict(list))
    """When how many of them are on duty, by name or without, on any roster."""

    def busy(self, team_code: str, window: Window) -> int:
        """Return how many people of a team are on duty at some time in a window."""
        return sum(heads for when, heads in self.on_duty[team_code] if overlap(when, window))

    def orders(self, team_code: str, window: Window) -> list[Stay]:
        """Return where a team is sent at some time in a window."""
        return [stay for stay in self.sent.get(team_code, ()) if overlap(stay.window, window)]

    def breaches(self, team_code: str, window: Window, heads: int) -> list[DutyBreach]:
        """Return what it would break if so many people of a team stood in a shift."""
        found = [overlap_breach(stay, DutyRule.ORDERED) for stay in self.orders(team_code, window)]
        size, busy = self.sizes[team_code], self.busy(team_code, window)
        if size is not None and busy + heads > size:
            found.append(DutyBreach(DutyRule.TEAM_SIZE, {"heads": heads, "size": size, "busy": busy}))
        return found


def group_of_row(row: DutyRow) -> DutyGroup | None:
    """Return the team or unit whose people have a duty; None for a member or for people of neither."""
    if row["team_code"]:
        return Layer.TEAMS, row["team_code"]
    return (Layer.UNITS, row["unit_code"]) if row["unit_code"] else None


def require_groups(work: Work, rows: Iterable[DutyRow]) -> None:
    """Do nothing if the teams and units of some duties are stored, and the teams lie inside the actor's area.

    Raises
    ------
    UnknownGroupError
        If one is not stored.
    OutsideAreaError
        If a team is of another area; units are everybody's.
    """
    groups = {group for row in rows if (group := group_of_row(row))}
    names = read_group_names(work.tx, groups)
    if unknown := sorted(group for group in groups if group not in names):
        raise UnknownGroupError(*unknown[0])
    work.scope.require(Layer.TEAMS, {code for layer, code in groups if layer is Layer.TEAMS})


def read_group_names(tx: Transaction, groups: Collection[DutyGroup]) -> dict[DutyGroup, str]:
    """Return what some teams and units are called; those that are not stored are left out."""
    return {
        (layer, code): str(row["name"] or code)
        for layer in (Layer.TEAMS, Layer.UNITS)
        for code, row in tx.plans.read_rows(layer, {code for of, code in groups if of is layer}).items()
    }


def groups_of(duties: Iterable[Duty]) -> set[DutyGroup]:
    """Return the teams and units of some duties."""
    return {duty.group for duty in duties if duty.group}


def read_team_times(
    tx: Transaction, team_codes: Collection[str], window: Window, without: Collection[int] = ()
) -> TeamTimes:
    """Return where the people of some teams are in a window, but for some duties; unknown teams have no size."""
    start, end, states = minute(window.start), minute(window.end), [state.value for state in LIVE]
    rows = tx.plans.read_rows(Layer.TEAMS, team_codes)
    sizes = {code: rows.get(code, {}).get("size") for code in team_codes}
    times = TeamTimes(sizes, read_team_stays(tx, team_codes, start, end))
    of_team = tx.teams.read_members_of(team_codes)
    named = tx.rosters.read_duties_of(of_team.keys(), start, end, states)
    for row in [*tx.rosters.read_duties_of_teams(team_codes, start, end, states), *named]:
        if row["id"] not in without:
            times.on_duty[row["team_code"] or of_team[row["member_code"]]].append((window_of_row(row), row["heads"]))
    return times


def group_breaches(
    tx: Transaction, shifts: Mapping[int, Shift], rows: Sequence[DutyRow], without: Collection[int] = ()
) -> list[tuple[str, DutyBreach]]:
    """Return what duties of teams would break together, each with the code of its team."""
    of_teams = [row for row in rows if row["team_code"] and row["state"] in _LIVE]
    if not of_teams:
        return []
    windows = [shifts[row["shift_id"]].window for row in of_teams]
    span = Window(min(each.start for each in windows), max(each.end for each in windows))
    times = read_team_times(tx, {row["team_code"] for row in of_teams}, span, without)
    found = []
    for row, window in zip(of_teams, windows, strict=True):
        code = row["team_code"]
        found += [(code, breach) for breach in times.breaches(code, window, row["heads"])]
        times.on_duty[code].append((window, row["heads"]))
    return found


_LIVE = frozenset(state.value for state in LIVE)
