"""The posts of an area as stored, and what those are called that its need asks for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo.schema import Layer
from services.context import Transaction
from services.coverage.inputs import CoverageInputs
from services.i18n import translate
from services.rules.areas import Scope
from services.rules.roster.posts import POST_KIND_NAMES, Post, PostKind

_COLUMNS = ("name", "community_code", "grid_code", "estate_code", "kind", "place", "vanguard", "active")


@dataclass(frozen=True)
class ZoneChain:
    """How estates lie in grids, and grids in communities, by their codes."""

    grid_of_estate: Mapping[str, str]
    community_of_grid: Mapping[str, str]
    communities: frozenset[str]

    def locate(self, community: str, grid: str, estate: str) -> tuple[str, str]:
        """Return community and grid of a post from the narrowest zone that is known of it; empty for none."""
        known = self.grid_of_estate.get(estate, grid)
        return self.community_of_grid.get(known, community if community in self.communities else ""), known


def zone_chain(inputs: CoverageInputs) -> ZoneChain:
    """Return how the zones of coverage lie in each other."""
    estates, grids, communities = (
        inputs.levels[layer].facts for layer in (Layer.ESTATES, Layer.GRIDS, Layer.COMMUNITIES)
    )
    return ZoneChain(_parents(estates), _parents(grids), frozenset(communities.index))


def read_posts(tx: Transaction, chain: ZoneChain, scope: Scope) -> dict[str, Post]:
    """Return the posts in use inside an area, by code; those of which no community is known are left out."""
    frame = tx.read_layer(Layer.POSTS, columns=_COLUMNS)
    rows = pd.DataFrame(frame).astype(object).where(frame.notna(), None).to_dict("records")
    posts = (
        _post(str(code), row, chain) for code, row in zip(frame.index, rows, strict=True) if row["active"] is not False
    )
    return {post.code: post for post in posts if scope.holds(Layer.COMMUNITIES, post.community_code)}


def read_post_name(tx: Transaction, code: str) -> str:
    """Return what a stored post is called; one that is not there or has no name, its code."""
    return str(tx.plans.read_rows(Layer.POSTS, [code]).get(code, {}).get("name") or code)


def post_of_zone(kind: PostKind, names: Mapping[str, str], community: str, grid: str = "", estate: str = "") -> Post:
    """Return the post of a kind that need asks for in a zone; its code follows from both.

    Parameters
    ----------
    names
        What zones are called, by code.
    """
    zone = estate or grid or community
    name = translate("{zone} {kind}", zone=names.get(zone, zone), kind=POST_KIND_NAMES[kind])
    return Post(f"{kind.value}-{zone}", name, kind, community, grid, estate)


def post_frame(posts: Collection[Post]) -> pd.DataFrame:
    """Return posts as rows of their layer, without a place."""
    rows = [
        {
            "code": post.code,
            "name": post.name,
            "community_code": post.community_code,
            "grid_code": post.grid_code or None,
            "estate_code": post.estate_code or None,
            "kind": post.kind.value,
            "active": True,
        }
        for post in posts
    ]
    return pd.DataFrame(rows).set_index("code")


def _post(code: str, row: Mapping[Any, Any], chain: ZoneChain) -> Post:
    stated, grid, estate = (str(row[name] or "") for name in ("community_code", "grid_code", "estate_code"))
    community, grid = chain.locate(stated, grid, estate)
    if stated in chain.communities and community != stated:  # who imports it has the say there, and nowhere else
        community, grid, estate = stated, "", ""
    kind = row["kind"]
    return Post(
        code=code,
        name=str(row["name"] or code),
        kind=PostKind(kind) if kind in set(PostKind) else PostKind.POINT,
        community_code=community,
        grid_code=grid,
        estate_code=estate,
        place=str(row["place"] or ""),
        vanguard=bool(row["vanguard"]),
    )


def _parents(facts: pd.DataFrame) -> dict[str, str]:
    known = facts["parent_code"].dropna()
    return dict(zip(known.index.astype(str), known.astype(str), strict=True))
