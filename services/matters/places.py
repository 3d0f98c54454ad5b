"""Where the sides of a matter lie: names and parents of zones and units, and who stands on which side."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from geo.schema import PARENT_LAYER, ZONE_LAYERS, Layer
from services.catalog.actions import Action
from services.context import Context, Transaction
from services.i18n import translate
from services.rules.areas import EVERYWHERE, Area, AreaError, Scope
from services.rules.matters.kinds import SUBJECTS, MatterKind
from services.rules.matters.machine import Side
from services.rules.roles import Actor, may

_LAYERS: Final = (*ZONE_LAYERS, Layer.UNITS)


@dataclass(frozen=True, slots=True)
class PlaceTree:
    """Zones and units: what they are called, and what zones lie in."""

    names: Mapping[Area, str]
    parents: Mapping[Area, Area]
    """Of a unit the narrowest zone in which all communities lie that it serves."""
    communities: Mapping[Area, tuple[Area, ...]]
    """Which communities a unit serves."""

    def holds(self, place: Area) -> bool:
        """Return whether there is such a place; there always is everything."""
        return place in self.names or place.layer is None

    def name(self, place: Area) -> str:
        """Return what a place is called; one that is gone, by its code."""
        if place.layer is None:
            return translate("everything")
        return self.names.get(place) or translate("{code} (no longer there)", code=place.code)

    def above(self, place: Area) -> Iterator[Area]:
        """Yield the zones above a place, the narrowest first, and everything in the end."""
        while (parent := self.parents.get(place)) is not None:
            yield parent
            place = parent
        if place.layer is not None:
            yield EVERYWHERE

    def level_above(self, place: Area) -> Area:
        """Return the zone above a place, or everything."""
        return next(self.above(place), EVERYWHERE)

    def is_inside(self, place: Area, area: Area) -> bool:
        """Return whether a place is an area or lies in it."""
        return place == area or area in self.above(place)

    def is_near(self, place: Area, asker: Area) -> bool:
        """Return whether somebody may ask about a place: one of their area; a unit also about whom it serves."""
        served = self.communities.get(asker, ())
        return self.is_inside(place, asker) or any(self.is_inside(place, community) for community in served)

    def below(self, area: Area) -> list[Area]:
        """Return the zones of the next level in an area, by code; in everything those of the widest level there is."""
        inside = [zone for zone, parent in self.parents.items() if parent == area and zone.layer in ZONE_LAYERS]
        if area.layer is None:
            inside = [zone for zone in self.names if zone.layer in ZONE_LAYERS and zone not in self.parents]
        return sorted(inside, key=lambda zone: zone.code)

    def within(self, layer: Layer, area: Area) -> list[Area]:
        """Return the zones of a level that lie in an area, by code."""
        zones = (zone for zone in self.names if zone.layer is layer and self.is_inside(zone, area))
        return sorted(zones, key=lambda zone: zone.code)


def read_places(context: Context, tx: Transaction) -> PlaceTree:
    """Return zones and units, made once for a version of them."""
    return context.once_a_version(tx, "matter places", _LAYERS, lambda: _read_places(tx))


def _read_places(tx: Transaction) -> PlaceTree:
    names: dict[Area, str] = {}
    parents: dict[Area, Area] = {}
    communities: dict[Area, tuple[Area, ...]] = {}
    for layer in _LAYERS:
        frame = tx.read_layer(layer, columns=["name", "parent_code", "community_codes"])
        names |= {Area(layer, str(code)): str(name or code) for code, name in frame["name"].items()}
        if layer in PARENT_LAYER:
            known = frame["parent_code"][frame["parent_code"].notna()]
            parents |= {Area(layer, str(code)): Area(PARENT_LAYER[layer], str(up)) for code, up in known.items()}
        if layer is Layer.UNITS:
            known = frame["community_codes"][frame["community_codes"].notna()]
            communities = {Area(layer, str(code)): _communities(str(joined), names) for code, joined in known.items()}
    tree = PlaceTree(names, {place: up for place, up in parents.items() if up in names}, communities)
    above = {unit: _common(tree, served) for unit, served in communities.items()}
    return replace(tree, parents={**tree.parents, **{unit: zone for unit, zone in above.items() if zone.layer}})


def _communities(joined: str, names: Mapping[Area, str]) -> tuple[Area, ...]:
    codes = (Area(Layer.COMMUNITIES, code.strip()) for code in joined.split(";"))
    return tuple(area for area in codes if area in names)


def _common(places: PlaceTree, communities: Sequence[Area]) -> Area:
    """Return the narrowest zone above some communities in which all of them lie."""
    if not communities:
        return EVERYWHERE
    first, *others = (list(places.above(community)) for community in communities)
    return next(area for area in first if all(area in above for above in others))


def parse_place(words: str) -> Area:
    """Return what a text names: ``layer:code`` of a zone, a unit or a member, or ``all``.

    Raises
    ------
    AreaError
        If it names none.
    """
    layer, _, code = words.strip().partition(":")
    if words.strip() == str(EVERYWHERE):
        return EVERYWHERE
    if layer not in SUBJECTS or (not code.strip() and layer != Layer.MEMBERS):
        raise AreaError(words)
    return Area(Layer(layer), code.strip())


def covers(scope: Scope, area: Area) -> bool:
    """Return whether an area, grids and estates too, lies in the area of whoever acts."""
    return scope.covers(area) or area == scope.area


def sides_of(actor: Actor, scope: Scope, kind: MatterKind, row: Mapping[str, Any]) -> tuple[Side, ...]:
    """Return on which sides of a matter somebody stands; none for whom it does not concern.

    Whoever is in charge of both sides acts for who is to do it, not for who asked: the end is confirmed by others. For
    a unit, the levels above who asked may act too. Who is in charge of everything stands on both sides.
    """
    asker, owner = parse_place(row["asker"]), parse_place(row["owner"])
    if kind.is_sheet:
        may_sign = may(actor, Action.SIGN_SHEETS) and covers(scope, asker)
        return (*([Side.OWNER] if covers(scope, owner) else []), *([Side.SIGNER] if may_sign else []))
    if scope.is_everything:
        return Side.OWNER, Side.ASKER
    if asker == actor.area:
        return (Side.ASKER, Side.OWNER) if owner == asker else (Side.ASKER,)
    is_for_unit = owner.layer is Layer.UNITS and covers(scope, asker)
    if covers(scope, owner) or is_for_unit:
        return (Side.OWNER,)
    return (Side.ASKER,) if covers(scope, asker) else ()
