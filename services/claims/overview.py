"""Every estate of an area with who takes care of which of its buildings, and how many households that leaves."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from geo.schema import Layer
from services.catalog.actions import Action
from services.claims.changes import blocks_of
from services.claims.holders import holder_key, read_holders
from services.claims.model import Claim, ClaimHolder, ClaimPlace
from services.context import Context, Transaction
from services.rules.roles import may


@dataclass(frozen=True)
class ClaimOverview:
    """The estates of an area, and the grids in which buildings outside estates are claimed, by community and name."""

    places: tuple[ClaimPlace, ...]
    communities: Mapping[str, str]
    """Names by code."""

    def within(self, community_code: str) -> "ClaimOverview":
        """Return the places of a community; all of them for no code."""
        if not community_code:
            return self
        return replace(self, places=tuple(each for each in self.places if each.community_code == community_code))

    @property
    def households(self) -> int:
        """How many households there are, where that is known."""
        return sum(place.households or 0 for place in self.places if place.layer is Layer.ESTATES)

    @property
    def claimed_households(self) -> int:
        """How many households somebody takes care of."""
        return sum(place.claimed_households for place in self.places)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every live claim."""
        return tuple(claim for place in self.places for claim in place.claims)


def read_claims(context: Context) -> ClaimOverview:
    """Return the responsibility areas inside the actor's area; who may not see people is told no member.

    Raises
    ------
    RefusedError
        If the actor may not look at them.
    """
    with context.look(Action.VIEW_CLAIMS) as tx:
        scope = context.scope_in(tx)
        zones = {layer: _read_zones(tx, layer) for layer in (Layer.ESTATES, Layer.GRIDS, Layer.COMMUNITIES)}
        rows = [row for row in tx.claims.read_live() if scope.holds(Layer.GRIDS, _grid_of(row, zones[Layer.ESTATES]))]
        holders = read_holders(context, tx, rows)
    shows_reason = may(context.actor, Action.VIEW_PEOPLE)
    estates = (code for code in zones[Layer.ESTATES] if scope.holds(Layer.ESTATES, code))
    grids = {(Layer.ESTATES, code): zones[Layer.ESTATES][code].parent_code for code in estates}
    claims: dict[tuple[Layer, str], list[Claim]] = defaultdict(list)
    for row in rows:
        key = (Layer.ESTATES, row["estate_code"]) if row["estate_code"] else (Layer.GRIDS, row["grid_code"])
        grids[key] = _grid_of(row, zones[Layer.ESTATES])
        claims[key].append(_claim(row, holders[holder_key(row)], row["reason"] if shows_reason else ""))
    places = [_place(key, grid, zones, claims.get(key, ())) for key, grid in grids.items()]
    names = {code: zone.name for code, zone in zones[Layer.COMMUNITIES].items() if scope.holds(Layer.COMMUNITIES, code)}
    return ClaimOverview(tuple(sorted(places, key=lambda each: (each.community_code, each.name, each.code))), names)


@dataclass(frozen=True, slots=True)
class _Zone:
    name: str
    parent_code: str = ""
    households: int | None = None


_Zones = Mapping[str, _Zone]


def _read_zones(tx: Transaction, layer: Layer) -> _Zones:
    """Return what is asked of the zones of a level, by code."""
    frame = tx.read_layer(layer, columns=["name", "parent_code", "households"])
    columns = (frame[name].astype(object).where(frame[name].notna(), None) for name in frame.columns)
    facts = zip(frame.index, *columns, strict=True)
    return {
        str(code): _Zone(str(name or code), str(parent or ""), None if count is None else int(count))
        for code, name, parent, count in facts
    }


def _grid_of(row: Mapping[str, Any], estates: _Zones) -> str:
    """Return the grid in which a claim lies now; of an estate that is gone, where it lay."""
    estate = estates.get(row["estate_code"] or "")
    return estate.parent_code if estate and estate.parent_code else str(row["grid_code"])


def _claim(row: Mapping[str, Any], holder: ClaimHolder, reason: str) -> Claim:
    since = date.fromisoformat(row["since"])
    return Claim(row["id"], blocks_of(row), row["households"], holder, bool(row["shared"]), reason, since)


def _place(
    key: tuple[Layer, str], grid_code: str, zones: Mapping[Layer, _Zones], claims: Sequence[Claim]
) -> ClaimPlace:
    """Return a place with its claims; of an estate that is gone there is only its code."""
    layer, code = key
    zone = zones[layer].get(code, _Zone(code))
    grid = zones[Layer.GRIDS].get(grid_code)
    ordered = sorted(claims, key=lambda claim: (claim.blocks, claim.id))
    community = grid.parent_code if grid else ""
    return ClaimPlace(layer, code, zone.name, grid_code, community, zone.households, tuple(ordered))
