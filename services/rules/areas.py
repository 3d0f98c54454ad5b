"""For which part of the district somebody holds a role: a zone with all below it, a unit, or everything."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

import pandas as pd

from geo.schema import PARENT_LAYER, ZONE_LAYERS, Layer
from services.errors import ServiceError
from services.i18n import text

Frame = TypeVar("Frame", bound=pd.DataFrame)


class AreaError(ServiceError, ValueError):
    """An area that names no zone and no unit."""

    def __init__(self, words: str) -> None:
        super().__init__(
            text(
                "“{given}” is no area. Give all, or layer:code like communities:440114001 or units:U01.",
                given=words,
            )
        )


class OutsideAreaError(ServiceError, PermissionError):
    """Something was asked for that lies outside the area of whoever asks."""

    def __init__(self, codes: Iterable[str]) -> None:
        named = sorted(set(codes))
        super().__init__(
            text(
                "Outside your area: {codes}. Ask someone who is in charge of both sides.",
                codes="、".join(named[:5]) + ("…" if len(named) > 5 else ""),
            )
        )


class WiderAreaError(OutsideAreaError):
    """Something that only whoever is in charge of everything may do."""

    def __init__(self) -> None:
        ServiceError.__init__(self, text("This takes somebody who is in charge of the whole store."))


@dataclass(frozen=True, slots=True)
class Area:
    """A zone with all below it, or a unit; without a layer it is everything."""

    layer: Layer | None = None
    code: str = ""

    def __str__(self) -> str:
        """Return it as ``parse_area`` reads it."""
        return f"{self.layer}:{self.code}" if self.layer else "all"


EVERYWHERE: Final = Area()
AREA_LAYERS: Final = (*ZONE_LAYERS[:-1], Layer.UNITS)
"""Of what there are areas."""


def parse_area(words: str) -> Area:
    """Return the area that a text names.

    Raises
    ------
    AreaError
        If it is neither ``all`` nor ``layer:code`` of a zone wider than an estate or of a unit.

    Examples
    --------
    >>> parse_area("communities:C01").code
    'C01'
    """
    if words.strip() == "all":
        return EVERYWHERE
    layer, _, code = words.strip().partition(":")
    if layer not in {known.value for known in AREA_LAYERS} or not code.strip():
        raise AreaError(words)
    return Area(Layer(layer), code.strip())


@dataclass(frozen=True, slots=True)
class Scope:
    """The codes that lie inside an area, by layer."""

    area: Area
    codes: Mapping[Layer, frozenset[str]]
    """Empty for everything: then ``area`` is ``EVERYWHERE``."""

    @property
    def is_everything(self) -> bool:
        """Whether nothing lies outside."""
        return self.area.layer is None

    def holds(self, layer: Layer, code: str) -> bool:
        """Return whether a code of a layer lies inside."""
        return self.is_everything or code in self.codes.get(layer, frozenset())

    def inside(self, layer: Layer, codes: pd.Index) -> pd.Series:
        """Return which codes of a layer lie inside, as booleans indexed by ``codes``."""
        if self.is_everything:
            return pd.Series(data=True, index=codes, dtype=bool)
        return pd.Series(codes.isin(list(self.codes.get(layer, frozenset()))), index=codes, dtype=bool)

    def limit(self, layer: Layer, frame: Frame) -> Frame:
        """Return the rows of a frame indexed by the codes of a layer that lie inside; the frame itself if all do."""
        return frame if self.is_everything else frame.loc[self.inside(layer, frame.index).to_numpy()]

    def require(self, layer: Layer, codes: Iterable[str]) -> None:
        """Do nothing if all these codes lie inside.

        Raises
        ------
        OutsideAreaError
            If any lies outside, naming those.
        """
        outside = [code for code in codes if not self.holds(layer, code)]
        if outside:
            raise OutsideAreaError(outside)

    def covers(self, area: Area) -> bool:
        """Return whether another area lies inside as a whole."""
        return self.is_everything or (area.layer is not None and self.holds(area.layer, area.code))

    def people(self, members: pd.DataFrame) -> pd.Series:
        """Return which people belong inside, as booleans with the index of ``members``.

        Somebody belongs where their grid is; who has no grid, where their community is; and to their unit.

        Parameters
        ----------
        members
            ``grid_code community_code unit_code``, null where nothing is known.
        """
        if self.is_everything:
            return pd.Series(data=True, index=members.index, dtype=bool)
        if self.area.layer is Layer.UNITS:
            return members["unit_code"].eq(self.area.code).fillna(value=False).astype(bool)
        grids, communities = (list(self.codes.get(layer, ())) for layer in (Layer.GRIDS, Layer.COMMUNITIES))
        placed = members["grid_code"].notna()
        return members["grid_code"].isin(grids) | (~placed & members["community_code"].isin(communities))


def make_scope(area: Area, parents: Mapping[Layer, pd.Series], unit_of_team: pd.Series | None = None) -> Scope:
    """Return what lies inside an area.

    Parameters
    ----------
    area
        A zone, a unit, or everything.
    parents
        ``parent_code`` of the zones (and of the teams, whose parent is a grid; of posts their community) indexed by
        ``code``, by layer. A zone whose parent is not known lies in no area but everything.
    unit_of_team
        ``unit_code`` of the teams indexed by ``code``, for the area of a unit.
    """
    if area.layer is None:
        return Scope(area, {})
    codes = {area.layer: frozenset({area.code})}
    if area.layer in ZONE_LAYERS:
        narrower = ZONE_LAYERS[ZONE_LAYERS.index(area.layer) + 1 :]
        for layer in (*narrower, Layer.TEAMS):
            above = codes.get(PARENT_LAYER[layer], frozenset())
            of_layer = parents.get(layer, pd.Series(dtype="str"))
            codes[layer] = frozenset(of_layer.index[of_layer.isin(list(above))])
        home = parents.get(Layer.POSTS, pd.Series(dtype="str"))
        codes[Layer.POSTS] = frozenset(home.index[home.isin(list(codes.get(Layer.COMMUNITIES, ())))])
    elif unit_of_team is not None:
        codes[Layer.TEAMS] = frozenset(unit_of_team.index[unit_of_team.eq(area.code)])
    return Scope(area, codes)
