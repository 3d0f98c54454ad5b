"""Supply where a published roster says who stands where (rules S1 to S3). Arrays in, arrays out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from geo.arrays import Floats, Positions
from services.rules.windows import HOUR, Window


@dataclass(frozen=True, slots=True)
class StandingPeople:
    """People at posts: ``d`` duties."""

    heads: Floats
    """Shape (d,)."""
    start: Floats
    """Hours since some midnight, shape (d,)."""
    end: Floats
    grid: Positions
    """Position of the grid of the post, -1 where it is of a community; shape (d,)."""
    community: Positions
    """Position of the community, shape (d,)."""


def overlap_share(start: Floats, end: Floats, window: tuple[float, float]) -> Floats:
    """Return which share of a window each stretch of hours covers, shape (d,)."""
    common = np.minimum(end, window[1]) - np.maximum(start, window[0])
    share: Floats = np.maximum(common, 0.0) / (window[1] - window[0])
    return share


def standing_in_grids(
    people: StandingPeople, window: tuple[float, float], community_of_grid: Positions, need: Floats
) -> Floats:
    """Return the people who stand in each grid, as a mean over a window, shape (grids,).

    People at the post of a community are spread over its grids in proportion to need, evenly where nobody is needed.
    """
    heads = people.heads * overlap_share(people.start, people.end, window)
    grids, communities = len(community_of_grid), int(community_of_grid.max(initial=-1)) + 1
    in_grid, known = people.grid >= 0, community_of_grid >= 0
    own: Floats = _sums(people.grid[in_grid], heads[in_grid], grids)
    spread = _sums(people.community[~in_grid], heads[~in_grid], communities)
    needed = np.nan_to_num(need)
    needs = _sums(community_of_grid[known], needed[known], communities)[community_of_grid]
    count = _sums(community_of_grid[known], np.ones(known.sum()), communities)[community_of_grid]
    share = np.where(needs > 0, needed / np.maximum(needs, 1e-12), 1 / np.maximum(count, 1))
    return own + np.where(known, spread[community_of_grid] * share, 0.0)


def hours_since(window: Window, midnight: Window) -> tuple[float, float]:
    """Return beginning and end of a window in hours since the beginning of another."""
    return (window.start - midnight.start) / HOUR, (window.end - midnight.start) / HOUR


def covered_share(window: Window, hours: Sequence[Window]) -> float:
    """Return which share of a window some stretches that do not overlap cover, 0 to 1."""
    common = sum((max(min(w.end, window.end) - max(w.start, window.start), timedelta()) for w in hours), timedelta())
    return common / window.length


def _sums(where: Positions, weights: Floats, count: int) -> Floats:
    return np.bincount(where, weights=weights, minlength=count).astype(np.float64)
