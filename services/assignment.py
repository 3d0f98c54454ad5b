"""Which grid and estate every member belongs to (DESIGN §5): by point, by address, by hand; nobody is dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.assign import assign_lonlat
from geo.crs import project, unproject
from geo.schema import Layer, Method
from services.catalog.actions import Action
from services.context import Context, Transaction, Work
from services.rules.address import AddressBook, EstateName, Gazetteer
from services.rules.areas import Scope
from services.use_cases import use_case

COLUMNS = ("grid_code", "estate_code", "method", "distance_m", "confidence", "ambiguous")
NOWHERE: Final[Mapping[str, Any]] = {
    "grid_code": None,
    "estate_code": None,
    "method": Method.UNLOCATED.value,
    "distance_m": None,
    "confidence": 0.0,
    "ambiguous": False,
}
"""The assignment of a member of whom it is not known where they belong."""
MAX_DISTANCE_M = 500.0
"""How far outside every grid a member may live and still belong to the nearest (DESIGN §5)."""
ESTATE_DISTANCE_M = 60.0
"""How far from an estate's outline (or its point) a home may be drawn and still be of that estate."""
ESTATE_RADIUS_M = 30.0
"""An estate known as a point only is taken for a disc of this radius."""


@dataclass(frozen=True, slots=True)
class Summary:
    """How the members came to their grids; ``located + unlocated = members``."""

    members: int
    by_method: dict[Method, int]

    @property
    def unlocated(self) -> int:
        """Members without a grid."""
        return self.by_method[Method.UNLOCATED]

    @property
    def located(self) -> int:
        """Members with a grid."""
        return self.members - self.unlocated


@use_case(Action.ASSIGN, Layer.MEMBERS)
def assign_members(work: Work) -> Summary:
    """Assign every member of the actor's area anew and keep the answer; what was settled by hand stays.

    A member belongs to the area whose grid is inside, until now or, where there was none, from now on; without a grid
    the community counts. All others stay as they were.
    """
    return reassign(work, work.scope)


def reassign(work: Work, scope: Scope) -> Summary:
    """Do the same inside a transaction that may have written zones and members, for the members of a scope."""
    before = work.tx.read_assignments()
    members = work.tx.read_layer(Layer.MEMBERS, columns=["community_code", "unit_code", "address", "geom"])
    assigned = assignments_of(
        members,
        grids=work.tx.read_layer(Layer.GRIDS),
        estates=work.tx.read_layer(Layer.ESTATES),
        book=address_book(work.tx),
        before=before,
    )
    mine = scope.people(_with_grids(members, before, assigned))
    others = before[before.index.isin(members.index[~mine])]
    kept = [part for part in (assigned[mine], others) if len(part)]
    work.tx.replace_assignments(pd.concat(kept) if kept else assigned[mine])
    summary = summarise(assigned[mine])
    work.note(members=summary.members, unlocated=summary.unlocated)
    return summary


def assignments_of(
    members: gpd.GeoDataFrame,
    *,
    grids: gpd.GeoDataFrame,
    estates: gpd.GeoDataFrame,
    book: AddressBook,
    before: pd.DataFrame,
) -> pd.DataFrame:
    """Return where each member belongs: one row a member, indexed by ``member_code`` (docs/conventions.md).

    Parameters
    ----------
    members
        ``community_code``, ``address`` and points (or null), EPSG:4326.
    grids, estates
        Zones in EPSG:4326; an estate's ``parent_code`` is its grid.
    book
        The estates to which addresses are matched.
    before
        The assignments until now, of which those by hand are kept where their grid still exists.
    """
    result = _by_point(members, grids, estates)
    by_address = _by_address(members, members.index[members.geometry.isna() | members.geometry.is_empty], estates, book)
    known = by_address[by_address["grid_code"].isin(grids.index)]
    result.loc[known.index, list(COLUMNS)] = known[list(COLUMNS)]
    by_hand = before[(before["method"] == Method.MANUAL) & before["grid_code"].isin(grids.index)]
    by_hand = by_hand[by_hand.index.isin(result.index)]
    result.loc[by_hand.index, list(COLUMNS)] = by_hand[list(COLUMNS)]
    return result


def summarise(assigned: pd.DataFrame) -> Summary:
    """Return how many members came to their grids by which method."""
    counts = assigned["method"].value_counts()
    return Summary(len(assigned), {method: int(counts.get(method.value, 0)) for method in Method})


def read_summary(context: Context) -> Summary:
    """Return how the members of the actor's area stand now; those since the last assignment are unlocated.

    The counts are exact: for those who put members into grids.
    """
    with context.look(Action.ASSIGN) as tx:
        members = people_inside(context, tx)
        assigned = tx.read_assignments(["method"])
    counted = summarise(assigned[assigned.index.isin(members.index)])
    late = len(members) - counted.members
    return Summary(len(members), counted.by_method | {Method.UNLOCATED: counted.unlocated + late})


def people_inside(context: Context, tx: Transaction, columns: Sequence[str] = ()) -> pd.DataFrame:
    """Return the members of the actor's area: ``community_code unit_code grid_code`` and some more columns."""
    kept = list(dict.fromkeys(("community_code", "unit_code", *columns)))
    members = _with_grids(tx.read_layer(Layer.MEMBERS, columns=kept), tx.read_assignments(["grid_code"]))
    return members[context.scope_in(tx).people(members)]


def _with_grids(members: pd.DataFrame, *assigned: pd.DataFrame) -> pd.DataFrame:
    """Return members with the grid that the first of some assignments which knows one gives them."""
    grid = pd.Series(None, index=members.index, dtype=object)
    for one in assigned:
        grid = grid.where(grid.notna(), one["grid_code"].reindex(members.index).astype(object))
    named = pd.DataFrame({name: members[name] for name in members.columns if name != "geom"}, index=members.index)
    return named.assign(grid_code=grid)


def _by_point(members: gpd.GeoDataFrame, grids: gpd.GeoDataFrame, estates: gpd.GeoDataFrame) -> pd.DataFrame:
    if grids.empty:
        return _nowhere(members.index)
    found = assign_lonlat(members.geometry, grids.geometry, max_distance_m=MAX_DISTANCE_M)
    result = found.rename(columns={"zone": "grid_code"})
    result["estate_code"] = _estates_of(members.geometry, result["grid_code"], estates)
    return result.rename_axis(index="member_code")[list(COLUMNS)].astype({"grid_code": object, "estate_code": object})


def _estates_of(homes: gpd.GeoSeries, grid: pd.Series, estates: gpd.GeoDataFrame) -> pd.Series:
    """Return the estate of each home: the one it lies in or nearest to, as long as both are in one grid."""
    drawn = estates[estates.geometry.notna() & ~estates.geometry.is_empty]
    if drawn.empty:
        return pd.Series(None, index=homes.index, dtype=object)
    found = assign_lonlat(homes, _as_areas(drawn.geometry), max_distance_m=ESTATE_DISTANCE_M)["zone"]
    grid_of_estate = found.map(drawn["parent_code"])
    return found.astype(object).where(grid_of_estate.eq(grid), None)


def _as_areas(estates: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return estates that are known as points only as discs."""
    is_area = shapely.get_dimensions(estates.to_numpy()) == 2
    if is_area.all():
        return estates
    metres = project(estates)
    discs = metres.where(is_area, metres.buffer(ESTATE_RADIUS_M))
    return unproject(discs)


def _by_address(
    members: gpd.GeoDataFrame, codes: pd.Index, estates: gpd.GeoDataFrame, book: AddressBook
) -> pd.DataFrame:
    """Return the assignments of those members whose address names one estate surely."""
    asked = members.loc[codes, ["address", "community_code"]].fillna("")
    chosen = {
        code: choice
        for code, address, community in asked[asked["address"].ne("")].itertuples()
        if (choice := book.find(address, community)) is not None
    }
    estate_codes = [choice.code for choice in chosen.values()]
    return pd.DataFrame(
        {
            "grid_code": estates["parent_code"].reindex(estate_codes).to_numpy(dtype=object),
            "estate_code": np.array(estate_codes, dtype=object),
            "method": Method.ADDRESS.value,
            "distance_m": np.nan,
            "confidence": np.array([choice.score for choice in chosen.values()], dtype=float),
            "ambiguous": False,
        },
        index=pd.Index(list(chosen), name="member_code", dtype=object),
    )


def _nowhere(codes: pd.Index) -> pd.DataFrame:
    return pd.DataFrame({**NOWHERE, "distance_m": np.nan}, index=codes.rename("member_code"))


def address_book(tx: Transaction) -> AddressBook:
    """Return the stored estates as addresses are compared with them."""
    estates = tx.read_layer(Layer.ESTATES, columns=["name", "address", "parent_code"]).fillna("")
    community_of_grid = tx.read_layer(Layer.GRIDS, columns=["parent_code"])["parent_code"].fillna("")
    names = {layer: tx.read_layer(layer, columns=["name"])["name"].fillna("") for layer in _NAMED}
    return AddressBook(
        Gazetteer(
            estates=[
                EstateName(e.Index, e.name, e.address, community_of_grid.get(e.parent_code, ""))
                for e in estates.itertuples()
            ],
            communities=names[Layer.COMMUNITIES].to_dict(),
            wider=[*names[Layer.DISTRICTS], *names[Layer.SUBDISTRICTS]],
        )
    )


_NAMED = (Layer.DISTRICTS, Layer.SUBDISTRICTS, Layer.COMMUNITIES)
