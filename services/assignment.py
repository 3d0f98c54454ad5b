"""Which grid and estate every member belongs to (DESIGN §5): by point, by address, by hand; nobody is dropped."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.assign import assign_lonlat
from geo.crs import project, unproject
from geo.schema import Layer, Method
from services.context import Context, Transaction
from services.errors import ServiceError
from services.i18n import text
from services.rules.address import AddressBook, Candidate, EstateName, Gazetteer
from services.rules.roles import Action

COLUMNS = ("grid_code", "estate_code", "method", "distance_m", "confidence", "ambiguous")
MAX_DISTANCE_M = 500.0
"""How far outside every grid a member may live and still belong to the nearest (DESIGN §5)."""
ESTATE_DISTANCE_M = 60.0
"""How far from an estate's outline (or its point) a home may be drawn and still be of that estate."""
ESTATE_RADIUS_M = 30.0
"""An estate known as a point only is taken for a disc of this radius."""


class UnknownPlaceError(ServiceError, LookupError):
    """A member, estate or grid that is not in the store."""

    def __init__(self, code: str) -> None:
        super().__init__(text("There is no member, estate or grid with the code {code}.", code=code))


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


@dataclass(frozen=True, slots=True)
class Doubt:
    """A member whom a clerk must place: what is known, and the estates it may mean."""

    member_code: str
    name: str
    address: str
    community_code: str
    candidates: tuple[Candidate, ...]


def assign_members(context: Context) -> Summary:
    """Assign every member of the actor's area anew and keep the answer; what was settled by hand stays.

    A member belongs to the area whose grid is inside, until now or, where there was none, from now on; without a grid
    the community counts. All others stay as they were.
    """
    with context.act(Action.ASSIGN, Layer.MEMBERS) as work:
        scope, before = context.scope_in(work.tx), work.tx.read_assignments()
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
        assigned = tx.read_assignments()
    counted = summarise(assigned[assigned.index.isin(members.index)])
    late = len(members) - counted.members
    return Summary(len(members), counted.by_method | {Method.UNLOCATED: counted.unlocated + late})


def people_inside(context: Context, tx: Transaction, columns: Sequence[str] = ()) -> pd.DataFrame:
    """Return the members of the actor's area: ``community_code unit_code grid_code`` and some more columns."""
    kept = list(dict.fromkeys(("community_code", "unit_code", *columns)))
    members = _with_grids(tx.read_layer(Layer.MEMBERS, columns=kept), tx.read_assignments())
    return members[context.scope_in(tx).people(members)]


def read_doubts(context: Context, *, limit: int = 200) -> list[Doubt]:
    """Return the unlocated members of the actor's area who have an address, those with the best candidate first."""
    with context.look(Action.SETTLE_ADDRESS) as tx:
        members = people_inside(context, tx, ["name", "address"])
        located = tx.read_assignments().query("method != 'unlocated'").index
        book = address_book(tx)
    open_ones = members[~members.index.isin(located) & members["address"].fillna("").str.strip().ne("")]
    open_ones = open_ones.assign(community_code=open_ones["community_code"].fillna(""))
    doubts = [
        Doubt(str(code), str(m["name"]), str(m["address"]), str(m["community_code"]), candidates)
        for code, m in open_ones.iterrows()
        for candidates in [book.candidates(str(m["address"]), str(m["community_code"]))]
    ]
    return sorted(doubts, key=lambda d: (-d.candidates[0].score if d.candidates else 0.0, d.member_code))[:limit]


def assign_manually(context: Context, member_code: str, *, estate_code: str = "", grid_code: str = "") -> None:
    """Put a member into an estate (and so its grid) or a grid by hand; it stays so at the next import.

    Raises
    ------
    UnknownPlaceError
        If the estate or the grid does not exist, or the actor's area has no such member.
    OutsideAreaError
        If the place is outside the actor's area.
    """
    with context.act(Action.SETTLE_ADDRESS, member_code) as work:
        scope = context.scope_in(work.tx)
        grid = grid_code or _grid_of_estate(work.tx, estate_code)
        if grid not in work.tx.read_codes(Layer.GRIDS):
            raise UnknownPlaceError(grid or estate_code)
        scope.require(Layer.GRIDS, [grid])
        _require_member(context, work.tx, member_code)
        place = {"grid_code": grid, "estate_code": estate_code or None}
        work.tx.put_assignment(
            member_code, **place, method=Method.MANUAL.value, distance_m=None, confidence=1.0, ambiguous=False
        )
        work.note(grid=grid, estate=estate_code)


def unsettle(context: Context, member_code: str) -> None:
    """Take back what was settled by hand: the member is unlocated again until the next assignment.

    Raises
    ------
    UnknownPlaceError
        If the actor's area has no such member.
    """
    with context.act(Action.SETTLE_ADDRESS, member_code) as work:
        _require_member(context, work.tx, member_code)
        nowhere = {"grid_code": None, "estate_code": None, "method": Method.UNLOCATED.value}
        work.tx.put_assignment(member_code, **nowhere, distance_m=None, confidence=0.0, ambiguous=False)
        work.note(undone="yes")


def _require_member(context: Context, tx: Transaction, code: str) -> None:
    members = _with_grids(tx.read_layer(Layer.MEMBERS, columns=["community_code", "unit_code"]), tx.read_assignments())
    if code not in members.index or not context.scope_in(tx).people(members.loc[[code]]).all():
        raise UnknownPlaceError(code)


def _with_grids(members: pd.DataFrame, *assigned: pd.DataFrame) -> pd.DataFrame:
    """Return members with the grid that the first of some assignments which knows one gives them."""
    grid = pd.Series(None, index=members.index, dtype=object)
    for one in assigned:
        grid = grid.where(grid.notna(), one["grid_code"].reindex(members.index).astype(object))
    named = pd.DataFrame({name: members[name] for name in members.columns if name != "geom"}, index=members.index)
    return named.assign(grid_code=grid)


def _grid_of_estate(tx: Transaction, estate_code: str) -> str:
    parents = tx.read_layer(Layer.ESTATES, columns=["parent_code"])["parent_code"]
    if estate_code not in parents.index or pd.isna(parents[estate_code]):
        raise UnknownPlaceError(estate_code)
    return str(parents[estate_code])


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
    values = {"grid_code": None, "estate_code": None, "method": Method.UNLOCATED.value}
    numbers = {"distance_m": np.nan, "confidence": 0.0, "ambiguous": False}
    return pd.DataFrame(values | numbers, index=codes.rename("member_code"))


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
