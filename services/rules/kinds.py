"""What kinds of roads and waters are called: stored as OpenStreetMap names them, said in words."""

from functools import cache
from typing import Final

from services.i18n import LANGUAGES, catalogue, text, translate

KIND_NAMES: Final = {
    "motorway": text("Motorway"),
    "trunk": text("Trunk road"),
    "primary": text("Primary road"),
    "main": text("Main road"),
    "secondary": text("Secondary road"),
    "tertiary": text("Tertiary road"),
    "unclassified": text("Minor road"),
    "residential": text("Residential street"),
    "living_street": text("Living street"),
    "street": text("Ordinary street"),
    "lane": text("Lane"),
    "service": text("Service road"),
    "pedestrian": text("Pedestrian street"),
    "footway": text("Footway"),
    "path": text("Footpath"),
    "track": text("Farm track"),
    "cycleway": text("Cycleway"),
    "steps": text("Flight of steps"),
    "railway": text("Railway line"),
    "river": text("River"),
    "stream": text("Stream"),
    "canal": text("Canal"),
    "drain": text("Drain"),
    "ditch": text("Ditch"),
    "lake": text("Lake"),
    "pond": text("Pond"),
    "reservoir": text("Reservoir"),
    "basin": text("Basin"),
    "wetland": text("Wetland"),
}


def kind_name(kind: object) -> object:
    """Return a kind in words of the current language; one that has no name, and null, stay as they are."""
    return translate(KIND_NAMES[kind]) if isinstance(kind, str) and kind in KIND_NAMES else kind


def stored_kind(words: str | None) -> str | None:
    """Return a kind as it is stored from its name in any language; what is no name stays as it is.

    Examples
    --------
    >>> stored_kind("高速公路"), stored_kind("Motorway"), stored_kind("motorway"), stored_kind("绿道")
    ('motorway', 'motorway', 'motorway', '绿道')
    """
    return _kinds().get(words.lower(), words) if words else words


@cache
def _kinds() -> dict[str, str]:
    return {
        catalogue(language).get(name.id, name.id).lower(): kind
        for language in LANGUAGES
        for kind, name in KIND_NAMES.items()
    }
