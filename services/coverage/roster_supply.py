"""Supply by rosters: where a published one says who stands where, those count who said yes; elsewhere the estimate."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import numpy as np

from geo.arrays import Flags, Floats
from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context, Transaction
from services.coverage.inputs import CoverageInputs
from services.coverage.posts import read_posts, zone_chain
from services.rules.areas import WiderAreaError, parse_area
from services.rules.availability import supply_in_window
from services.rules.norms import working_calendar
from services.rules.roster.duties import DutyState
from services.rules.roster.pattern import DayHours, Pattern, shift_windows
from services.rules.roster.posts import Post
from services.rules.roster.roster_supply import (
    NO_ROSTERS,
    RosterSupply,
    RosterTime,
    common_parts,
    other_parts,
    standing_people,
)
from services.rules.windows import DAY, Mode, Window, share_by_day_part

KNOWN_DAYS: Final = 35
"""Rosters that ended longer ago than this are not asked: what was then is shown by the estimate."""
LEVELS: Final = (Layer.ESTATES, Layer.GRIDS)
_STANDING: Final = frozenset({DutyState.CONFIRMED, DutyState.DONE})
_STATES: Final = _STANDING | {DutyState.ASKED}
_CLOSED: Final = "closed"
_NEVER: Final = "9999-01-01T00:00"
_PUBLISHED: Final = ("published", _CLOSED)
RosterRow = Mapping[str, Any]
Group = tuple[float, datetime, datetime, int]


@dataclass(frozen=True, slots=True)
class MemberSupply:
    """Members of the zones of a level in a window, persons as means over it, each of shape (n,)."""

    members: Floats
    """Those who count: by the rosters where and while they hold, else by the time members have."""
    on_duty: Floats
    """Those of them who said yes to a roster."""
    to_confirm: Floats
    """Those on rosters who have not answered yet; they count nowhere."""
    callable: Floats
    """How many more could come: by the time members have, less those who are on a roster."""
    roster_share: Floats
    """Which share of the window rosters hold, 0 to 1."""


def with_rosters(context: Context, inputs: CoverageInputs) -> CoverageInputs:
    """Return inputs of everything with what the published rosters say.

    Raises
    ------
    WiderAreaError
        If the actor is in charge of a part only: rosters are asked for everything.
    RefusedError
        If the actor may not see coverage.
    """
    with context.look(Action.VIEW_COVERAGE) as tx:
        if not context.scope_in(tx).is_everything:
            raise WiderAreaError
        supply = _read(context, tx, inputs)
    return replace(inputs, rosters=supply, bare=inputs.bare or inputs) if supply else inputs


def find_member_supply(
    inputs: CoverageInputs, layer: Layer, window: Window, persons: Floats | None = None
) -> MemberSupply:
    """Return the members who count in the grids or estates in a window (rules S1 to S3 of rosters).

    - Where a published roster holds a zone, its members are those who said yes and stand at a post of it. People at the
      post of a community are spread over its grids in proportion to need.
    - In the rest of the window, and elsewhere, members count by the time they have, but for those who serve on a roster
      then: of each the mean of the zone goes off, so that nobody counts twice and nobody's own time is told.

    Parameters
    ----------
    layer
        ``GRIDS`` or ``ESTATES``.
    persons
        Who can come by part of the day, shape (n, 4); by default those of the inputs.
    """
    level = inputs.levels[layer]
    by_part = level.persons if persons is None else persons
    calendar = working_calendar(inputs.norms)
    estimate = supply_in_window(by_part, share_by_day_part(window, calendar))
    count, rosters = len(estimate), inputs.rosters
    if not rosters:
        nobody = np.zeros(count)
        return MemberSupply(estimate, nobody, nobody, estimate, nobody)
    members = level.facts["members"].to_numpy(dtype=np.float64)
    rest, held = np.zeros(count), np.zeros(count)
    for zones, parts in _held_parts(rosters, layer, window):
        others = other_parts(window, parts)
        share = sum((share_by_day_part(part, calendar) * (part.length / window.length) for part in others), np.zeros(4))
        on_duty_homes = rosters.on_duty_homes[layer].mean_over(window, others, count)[zones]
        length = sum(part.length / window.length for part in others)
        rest[zones] = supply_in_window(by_part[zones], share) * _stay(on_duty_homes, members[zones] * length)
        held[zones] = 1.0 - length
    on_duty, to_confirm, on_duty_homes, to_confirm_homes = (
        by_layer[layer].mean_over(window, [window], count)
        for by_layer in (rosters.on_duty, rosters.to_confirm, rosters.on_duty_homes, rosters.to_confirm_homes)
    )
    on_duty = np.where(held > 0, on_duty, 0.0)
    could_come = estimate * _stay(on_duty_homes + to_confirm_homes, members)
    return MemberSupply(rest + on_duty, on_duty, to_confirm, could_come, held)


def rosters_within(rosters: RosterSupply, inside: Mapping[Layer, Flags]) -> RosterSupply:
    """Return what rosters say of the zones inside, by their new positions."""
    if not rosters:
        return rosters
    times = tuple(
        replace(each, holds={layer: each.holds[layer][inside[layer]] for layer in LEVELS}) for each in rosters.times
    )
    places = (rosters.on_duty, rosters.to_confirm, rosters.on_duty_homes, rosters.to_confirm_homes)
    return RosterSupply(times, *({layer: by[layer].within(inside[layer]) for layer in LEVELS} for by in places))


def _stay(away: Floats, members: Floats) -> Floats:
    """Return the share of the members of each zone who are left when some are away, 0 to 1."""
    gone = np.divide(away, members, out=np.zeros(len(members)), where=members > 0)
    return np.asarray(1.0 - np.minimum(gone, 1.0))


def _held_parts(rosters: RosterSupply, layer: Layer, window: Window) -> Iterator[tuple[Flags, list[Window]]]:
    """Yield zones of which rosters hold the same parts of a window, with those parts.

    The rosters of a city hold mostly the same hours, each elsewhere: those of the same parts are one.
    """
    zones_of: dict[tuple[Window, ...], Flags] = {}
    for each in rosters.times:
        parts = tuple(common_parts(window, each.stretches))
        zones_of[parts] = zones_of.get(parts, False) | each.holds[layer]
    held = [parts for parts in zones_of if parts]
    if len(zones_of) == 1:
        ((parts, zones),) = zones_of.items()
        yield from ((zones, list(parts)), (~zones, []))
        return
    flags = np.array([zones_of[parts] for parts in held]).reshape(len(held), len(rosters.times[0].holds[layer]))
    kinds, which = np.unique(flags, axis=1, return_inverse=True)
    for number, kind in enumerate(kinds.T):
        stretches = [part for parts, is_held in zip(held, kind, strict=True) if is_held for part in parts]
        yield which.reshape(-1) == number, common_parts(window, stretches)


def _read(context: Context, tx: Transaction, inputs: CoverageInputs) -> RosterSupply:
    since = (context.clock() - KNOWN_DAYS * DAY).isoformat(timespec="minutes")
    rosters = {row["id"]: row for row in tx.rosters.read_rosters(_PUBLISHED, since)}
    if not rosters:
        return NO_ROSTERS
    ends = {number: row["changed_at"] if row["state"] == _CLOSED else _NEVER for number, row in rosters.items()}
    posts = read_posts(tx, zone_chain(inputs), context.scope_in(tx))
    spread = _Spread(inputs, posts)
    groups: dict[tuple[str, Layer], list[Group]] = defaultdict(list)
    states = [state.value for state in _STATES]
    for row in _until(tx.roster_counts.count_standing(list(rosters), states), ends):
        kind = "on_duty" if row["state"] in _STANDING else "to_confirm"
        for layer, group in spread.over(row, Mode(rosters[row["roster_id"]]["mode"])):
            groups[kind, layer].append(group)
    for row in _until(tx.roster_counts.count_busy(list(rosters), states), ends):
        kind = "on_duty_homes" if row["state"] in _STANDING else "to_confirm_homes"
        for layer, code in ((Layer.GRIDS, row["grid_code"]), (Layer.ESTATES, row["estate_code"])):
            groups[kind, layer].append(_group(row, spread.place[layer].get(code, -1)))
    for row, places in _groups_at_home(tx, _until(tx.roster_counts.count_busy_groups(list(rosters), states), ends)):
        kind = "on_duty_homes" if row["state"] in _STANDING else "to_confirm_homes"
        for layer, code, share in places:
            groups[kind, layer].append(_group(row, spread.place[layer].get(code, -1), share))
    found = {
        kind: {layer: standing_people(groups[kind, layer]) for layer in LEVELS}
        for kind in ("on_duty", "to_confirm", "on_duty_homes", "to_confirm_homes")
    }
    times = tuple(_time(context, tx, inputs, row, ends[number]) for number, row in rosters.items())
    return RosterSupply(times, **found)


def _groups_at_home(
    tx: Transaction, rows: Iterable[RosterRow]
) -> Iterator[tuple[RosterRow, list[tuple[Layer, str, float]]]]:
    """Yield people of teams and units without a name, each with where they may live as ``(layer, code, share)``.

    They are spread over the homes of the stored members; of a team without any, all live in its home grid.
    """
    stored = list(rows)
    if not stored:
        return
    teams, units = ({row[name] for row in stored} - {None} for name in ("team_code", "unit_code"))
    homes: dict[tuple[str | None, str | None], list[RosterRow]] = defaultdict(list)
    for home in tx.roster_counts.count_homes(teams, units):
        homes[home["team_code"], home["unit_code"]].append(home)
    grid_of = {code: row["parent_code"] or "" for code, row in tx.plans.read_rows(Layer.TEAMS, teams).items()}
    for row in stored:
        there = homes.get((row["team_code"], row["unit_code"]), [])
        total = sum(home["n"] for home in there)
        places = [
            (layer, home[name] or "", home["n"] / total)
            for home in there
            for layer, name in ((Layer.GRIDS, "grid_code"), (Layer.ESTATES, "estate_code"))
        ]
        yield row, places or [(Layer.GRIDS, grid_of.get(row["team_code"], ""), 1.0)]


def _until(rows: Iterable[RosterRow], ends: Mapping[int, str]) -> Iterator[RosterRow]:
    """Yield people as long as their rosters hold: one that was closed early says nothing of the time after."""
    for row in rows:
        end = min(row["end"], ends[row["roster_id"]])  # ISO 8601: texts sort as instants do
        if row["start"] < end:
            yield {**row, "end": end}


def _time(context: Context, tx: Transaction, inputs: CoverageInputs, row: RosterRow, until: str) -> RosterTime:
    settings, (start, end) = json.loads(row["settings"]), (datetime.fromisoformat(row[k]) for k in ("start", "end"))
    hours = DayHours(**settings["hours"])
    shifts = shift_windows(Pattern(settings["pattern"]), start.date(), (end - start).days, hours)
    last = min(datetime.fromisoformat(until), max((shift.end for shift in shifts), default=start))
    parts = common_parts(Window(start, last), shifts) if start < last else []
    scope = context.within(parse_area(row["area"])).scope_in(tx)
    holds = {layer: scope.inside(layer, inputs.levels[layer].facts.index).to_numpy() for layer in LEVELS}
    return RosterTime(tuple(parts), holds)


def _group(row: RosterRow, place: int, share: float = 1.0) -> Group:
    start, end = datetime.fromisoformat(row["start"]), datetime.fromisoformat(row["end"])
    return row["heads"] * share, start, end, place


class _Spread:
    """Where people at posts count: at the grid of the post, or spread over those of its community by need.

    Estates count who stands at their own posts, and of people at posts of their grid or community the part of the need
    that is theirs.
    """

    def __init__(self, inputs: CoverageInputs, posts: Mapping[str, Post]) -> None:
        self._inputs, self._posts = inputs, posts
        self.place = {
            layer: {str(code): k for k, code in enumerate(inputs.levels[layer].facts.index)} for layer in LEVELS
        }
        self._grids_of: dict[str, list[int]] = defaultdict(list)
        for k, code in enumerate(inputs.levels[Layer.GRIDS].facts["parent_code"]):
            self._grids_of[str(code)].append(k)
        self._estates_of: dict[int, list[int]] = defaultdict(list)
        for k, grid in enumerate(inputs.levels[Layer.ESTATES].parent):
            self._estates_of[int(grid)].append(k)
        self._known_need: dict[tuple[Mode, str, str], dict[Layer, Floats]] = {}

    def over(self, row: RosterRow, mode: Mode) -> Iterator[tuple[Layer, Group]]:
        """Yield the groups that some people at a post are, by level; none where the post is no longer in use."""
        post = self._posts.get(row["post_code"])
        if post is None:
            return
        grids = [self.place[Layer.GRIDS].get(post.grid_code, -1)] if post.grid_code else []
        grids = grids or self._grids_of[post.community_code]
        need = self._need(row, mode)
        for k, share in zip(grids, _shares(need[Layer.GRIDS][grids]), strict=True):
            yield Layer.GRIDS, _group(row, k, share)
        if post.estate_code:
            yield Layer.ESTATES, _group(row, self.place[Layer.ESTATES].get(post.estate_code, -1))
            return
        total = need[Layer.GRIDS][grids].sum()
        for k in (estate for grid in grids for estate in self._estates_of[grid] if total > 0):
            yield Layer.ESTATES, _group(row, k, float(min(need[Layer.ESTATES][k] / total, 1.0)))

    def _need(self, row: RosterRow, mode: Mode) -> dict[Layer, Floats]:
        key = (mode, row["start"], row["end"])
        if key not in self._known_need:
            window = Window(datetime.fromisoformat(row["start"]), datetime.fromisoformat(row["end"]))
            factor = self._inputs.factors @ share_by_day_part(window, working_calendar(self._inputs.norms))
            levels = self._inputs.levels
            self._known_need[key] = {layer: np.nan_to_num(levels[layer].need[mode] @ factor) for layer in LEVELS}
        return self._known_need[key]


def _shares(need: Floats) -> list[float]:
    """Return how people are spread over zones by need, evenly where nobody is needed; they add up to 1."""
    return list(need / need.sum()) if need.sum() > 0 else [1 / len(need)] * len(need)
