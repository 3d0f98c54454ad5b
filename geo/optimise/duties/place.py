"""Who of those on duty stands at which post: the second stage, slot by slot, by the shortest ways.

How many people stand in each zone, and in seats of which skill, is as the roster has it; who of them stands there may
change among those who are allowed to. The seats of a post that count most are filled first.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from geo.arrays import Floats, Ints, Positions
from geo.optimise.duties.problem import ANY, Duties, RosterProblem, SeatData

NO_POST: Final = -1
_PER_WEIGHT: Final = 1e6
"""Minutes that nobody saves for a seat of less weight."""
_NEVER: Final = 1e9
_FARTHEST_MIN: Final = 1e4


@dataclass(frozen=True, slots=True)
class PostData:
    """``p`` posts."""

    zone: Positions
    """Shape (p,)."""
    skill: Positions
    """Asked for by its seats, ``ANY`` or a scarce one; shape (p,). A post that asks for several is several."""
    seats: Ints
    """Shape (p, t)."""
    first: Floats
    """What the first seat of each slot counts, shape (p,), …"""
    other: Floats
    """… and each other one, not more."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where ``d`` duties are, each of shape (d,)."""

    post: Positions
    """``NO_POST`` where a duty fills no seat."""
    minutes: Floats
    """On foot from home; NaN without a post."""


@dataclass(frozen=True, slots=True)
class _OpenSeats:
    post: Positions
    weight: Floats


def pool_posts(posts: PostData, zones: int) -> SeatData:
    """Return the seats of posts by zone, those that count alike and ask for one skill as one kind."""
    firsts = np.minimum(posts.seats, 1)
    counts = np.concatenate([firsts, posts.seats - firsts])
    asked = np.column_stack([np.tile(posts.skill, 2), np.concatenate([posts.first, posts.other])])
    kinds, kind = np.unique(asked, axis=0, return_inverse=True)
    count = np.zeros((len(kinds), zones, posts.seats.shape[1]), dtype=np.int64)
    np.add.at(count, (kind.reshape(-1), np.tile(posts.zone, 2)), counts)
    weight = np.broadcast_to(kinds[:, 1, None, None], count.shape)
    return SeatData(count, weight, kinds[:, 0].astype(np.intp))


def place_duties(
    problem: RosterProblem, duties: Duties, posts: PostData, minutes: Floats, origin: Positions, fixed: Positions
) -> Placement:
    """Return the post of each duty, with the fewest minutes on foot in all.

    Parameters
    ----------
    problem, duties
        A roster for ``pool_posts`` of these posts.
    posts
        All of the roster.
    minutes
        On foot from origins to posts, shape (origins, p); not a number and infinite where nobody walks.
    origin
        Of each member, shape (m,).
    fixed
        The post of duties that stay where they are, else ``NO_POST``, shape (d,).
    """
    post = fixed.copy()
    ways = np.nan_to_num(minutes, nan=_FARTHEST_MIN, posinf=_FARTHEST_MIN)
    for slot in np.unique(duties.slot[duties.zone >= 0]):
        here = (duties.slot == slot) & (duties.zone >= 0)
        waiting = np.flatnonzero(here & (fixed == NO_POST))
        used = np.bincount(fixed[here & (fixed != NO_POST)], minlength=posts.zone.size)
        seats = _seats_left(posts, posts.seats[:, slot], used)
        if waiting.size and seats.post.size:
            post[waiting] = _assign(problem, duties.where(waiting), posts, seats, ways[origin])
    walked = np.where(post == NO_POST, np.nan, minutes[origin[duties.member], post])
    return Placement(post, walked)


def _seats_left(posts: PostData, count: Ints, used: Ints) -> _OpenSeats:
    """Return the seats of one slot beside those used, one by one."""
    left = np.maximum(count - used, 0)
    post = np.repeat(np.arange(left.size), left)
    nth = np.arange(post.size) - np.repeat(np.cumsum(left) - left, left) + used[post]
    return _OpenSeats(post, np.where(nth == 0, posts.first[post], posts.other[post]))


def _assign(problem: RosterProblem, duties: Duties, posts: PostData, seats: _OpenSeats, ways: Floats) -> Positions:
    """Return the post of each duty of one slot; who does not come is a row too, so that each zone keeps its number."""
    members, zone, skill = problem.members, posts.zone[seats.post], posts.skill[seats.post]
    is_skilled = (skill == ANY) | (skill == members.skill[duties.member][:, None])
    may = problem.near[members.home[duties.member]][:, zone] & is_skilled
    cost = np.where(may, ways[duties.member][:, seats.post] - _PER_WEIGHT * seats.weight, _NEVER)
    shape = (len(problem.near), problem.skills)
    heads, wide = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    np.add.at(heads, (duties.zone, duties.skill), 1)
    np.add.at(wide, (zone, skill), 1)
    nobody = np.maximum(wide - heads, 0)
    at = np.repeat(np.arange(nobody.size), nobody.ravel())
    empty = np.where(at[:, None] == np.ravel_multi_index((zone, skill), shape), 0.0, _NEVER)
    row, column = linear_sum_assignment(np.vstack([cost, empty]))
    is_duty = (row < duties.member.size) & (np.vstack([cost, empty])[row, column] < _NEVER)
    found = np.full(duties.member.size, NO_POST, dtype=np.intp)
    found[row[is_duty]] = seats.post[column[is_duty]]
    return found
