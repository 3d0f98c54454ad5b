"""Which shifts a roster needs: seats of the posts there are, and the posts that need asks for where there are none."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.arrays import Floats, Positions
from geo.schema import Layer
from services.coverage import CoverageInputs
from services.coverage.posts import ZoneChain, post_of_zone, zone_chain
from services.rules.norms import working_calendar
from services.rules.roster.generate import PostsOfItem, Seats, ZoneNeed, pool_seats
from services.rules.roster.posts import Post, PostKind
from services.rules.windows import Mode, Window, shares_by_day_part

_ZONES = (Layer.ESTATES, Layer.GRIDS, Layer.COMMUNITIES)


@dataclass(frozen=True, slots=True)
class ShiftPlan:
    """The shifts of a roster before they are written."""

    posts: Mapping[str, Post]
    """Those with a seat, by code; ``new_posts`` among them."""
    new_posts: tuple[Post, ...]
    """Those that are not stored."""
    windows: tuple[Window, ...]
    seats: Mapping[str, NDArray[np.int64]]
    """Of each post by the shifts, shape (shifts,)."""
    needed: Mapping[str, Floats]
    """Of roaming posts: what was left of need, by the shifts."""
    need: float
    """Person-shifts that the need of the area comes to."""

    @property
    def total(self) -> int:
        """All seats, in person-shifts."""
        return int(sum(seats.sum() for seats in self.seats.values()))

    @property
    def count(self) -> int:
        """How many shifts have a seat."""
        return int(sum((seats > 0).sum() for seats in self.seats.values()))


def state_need(
    inputs: CoverageInputs, mode: Mode, windows: Sequence[Window], communities: Collection[str], kinds: Collection[str]
) -> ZoneNeed:
    """Return the need of some communities in some windows; other zones, and items of other kinds, need nobody.

    Parameters
    ----------
    kinds
        Items of need; none means all.
    """
    estates, grids = inputs.levels[Layer.ESTATES], inputs.levels[Layer.GRIDS]
    codes = inputs.levels[Layer.COMMUNITIES].facts.index
    is_inside = np.append(codes.isin(list(communities)), False)
    grid_inside = is_inside[grids.parent]
    known = (estates.parent >= 0) & ~np.isnan(estates.need[mode]).any(axis=1)
    has_estates = np.bincount(estates.parent[known], minlength=len(grids.parent)) > 0
    of_items = np.array([not kinds or item in kinds for item in inputs.norms.items])
    shares = shares_by_day_part(windows, working_calendar(inputs.norms))
    return ZoneNeed(
        estates=np.nan_to_num(estates.need[mode]) * (known & np.append(grid_inside, False)[estates.parent])[:, None],
        grids=np.nan_to_num(grids.need[mode]) * (grid_inside & ~has_estates)[:, None],
        grid_of_estate=estates.parent,
        community_of_grid=grids.parent,
        communities=len(codes),
        factors=(inputs.factors @ shares).T * of_items,
    )


def plan_shifts(
    inputs: CoverageInputs,
    mode: Mode,
    windows: Sequence[Window],
    communities: Collection[str],
    posts: Mapping[str, Post],
    kinds: Collection[str] = (),
) -> ShiftPlan:
    """Return the shifts that the need of some communities asks for.

    Communities without any post get those that need asks for: one for every estate and grid where a whole person of an
    item is needed. What is left of a community's need goes to its roaming post, which is made where there is none.
    """
    need = state_need(inputs, mode, windows, communities, kinds)
    chain = zone_chain(inputs)
    bare = set(communities) - {post.community_code for post in posts.values()}
    places = _PostPlaces(inputs, chain, posts, bare)
    items = [places.of_item(item) for item in inputs.norms.items]
    seats = pool_seats(need, [item.positions for item in items])
    columns = [*_item_columns(items, seats), *_roaming_columns(places, seats)]
    taken = [(post, numbers) for post, numbers in columns if numbers.any()]
    by_code = {post.code: post for post, _ in taken}
    rest = {post.code: column for post, column in _roaming_columns(places, seats, is_need=True) if post.code in by_code}
    return ShiftPlan(
        posts=by_code,
        new_posts=tuple(post for code, post in by_code.items() if code not in posts),
        windows=tuple(windows),
        seats={post.code: np.rint(numbers).astype(np.int64) for post, numbers in taken},
        needed=rest,
        need=float(seats_need(need).sum()),
    )


def seats_need(need: ZoneNeed) -> Floats:
    """Return the people needed in each shift, shape (shifts,)."""
    needed: Floats = need.factors @ (need.estates.sum(axis=0) + need.grids.sum(axis=0))
    return needed


@dataclass(frozen=True, slots=True)
class _ItemPosts:
    """The posts of one item: where they are, and which they are; None stands for one that need would make."""

    positions: PostsOfItem
    posts: tuple[tuple[Post | None, ...], ...]
    places: "_PostPlaces"
    kind: PostKind | None

    def columns(self, seats: Sequence[Floats]) -> Iterator[tuple[Post, Floats]]:
        where = (self.positions.estates, self.positions.grids, self.positions.communities)
        for level, (positions, posts, numbers) in enumerate(zip(where, self.posts, seats, strict=True)):
            for place in np.flatnonzero(numbers.any(axis=0)):
                post = posts[place] or self.places.make(self.kind, level, int(positions[place]))
                yield post, numbers[:, place]


class _PostPlaces:
    """Positions of posts in the zones of coverage."""

    def __init__(
        self, inputs: CoverageInputs, chain: ZoneChain, posts: Mapping[str, Post], bare: Collection[str]
    ) -> None:
        names = [inputs.levels[layer].facts["name"] for layer in _ZONES]
        self._names = [{str(code): str(name) for code, name in level.items()} for level in names]
        self._codes = [list(level) for level in self._names]
        self._places = [{code: place for place, code in enumerate(level)} for level in self._codes]
        self._chain, self._posts = chain, posts
        self._roaming = {
            post.community_code: post
            for post in sorted(posts.values(), key=lambda each: each.code, reverse=True)
            if post.kind is PostKind.ROAMING and not post.grid_code
        }
        is_bare = np.append(names[2].index.isin(list(bare)), False)
        grid_of_estate, community_of_grid = (inputs.levels[layer].parent for layer in _ZONES[:2])
        grid_bare = is_bare[community_of_grid]
        self._bare: tuple[Positions, ...] = (
            np.flatnonzero(np.append(grid_bare, False)[grid_of_estate]),
            np.flatnonzero(grid_bare),
        )

    def of_item(self, item: str) -> _ItemPosts:
        kind = PostKind(item) if item in set(PostKind) else None
        levels: list[list[tuple[int, Post | None]]] = [[], [], []]
        for post in self._posts.values():
            if post.kind is kind:
                level = 0 if post.estate_code else 1 if post.grid_code else 2
                levels[level].append((self._places[level].get(post.zone_code, -1), post))
        for level, places in enumerate(self._bare if kind else ()):
            levels[level] += [(int(place), None) for place in places]
        known = [[(place, post) for place, post in level if place >= 0] for level in levels]
        positions = PostsOfItem(*(np.array([place for place, _ in level], dtype=np.intp) for level in known))
        return _ItemPosts(positions, tuple(tuple(post for _, post in level) for level in known), self, kind)

    def make(self, kind: PostKind | None, level: int, place: int) -> Post:
        code = self._codes[level][place]
        zones = [("", "", code), ("", code, ""), (code, "", "")][level]
        community, grid = self._chain.locate(*zones)
        return post_of_zone(kind or PostKind.ROAMING, self._names[level], community, grid, zones[2])

    def roaming(self, place: int) -> Post:
        return self._roaming.get(self._codes[2][place]) or self.make(PostKind.ROAMING, 2, place)


def _item_columns(items: Sequence[_ItemPosts], seats: Seats) -> Iterator[tuple[Post, Floats]]:
    for item, numbers in zip(items, zip(seats.estates, seats.grids, seats.communities, strict=True), strict=True):
        yield from item.columns(numbers)


def _roaming_columns(places: _PostPlaces, seats: Seats, *, is_need: bool = False) -> Iterator[tuple[Post, Floats]]:
    for place in np.flatnonzero(seats.roaming.any(axis=0)):
        yield places.roaming(int(place)), (seats.roaming_need if is_need else seats.roaming)[:, place]
