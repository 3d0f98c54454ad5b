"""What papers and screens say of whoever made them: for which area, and who."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from geo.schema import Layer
from services.catalog.actions import ROLE_NAMES, Action, Role
from services.context import Context, Transaction
from services.i18n import Text, text
from services.rules.areas import Area
from services.rules.roles import Actor

_LEVELS: Final = (Layer.DISTRICTS, Layer.SUBDISTRICTS, Layer.COMMUNITIES)
"""The wider levels, the widest first."""
_MANY: Final[Mapping[Layer, Text]] = {
    Layer.DISTRICTS: text("All {count} districts"),
    Layer.SUBDISTRICTS: text("All {count} sub-districts"),
    Layer.COMMUNITIES: text("All {count} communities"),
}
_NAME: Final = "{name}"


@dataclass(frozen=True, slots=True)
class Imprint:
    """For which area a paper is, and who made it."""

    area: Text
    """Its name; empty where the store holds no zones yet."""
    maker: Text
    """The name that the account of the maker shows."""


def read_imprint(context: Context) -> Imprint:
    """Return what the papers of whoever acts say of them."""
    with context.look(Action.VIEW_COVERAGE) as tx:
        return fetch_imprint(tx, context.actor)


def fetch_imprint(tx: Transaction, actor: Actor) -> Imprint:
    """Return the same as a transaction sees it."""
    return Imprint(_area_name(tx, actor.area), maker_name(tx, actor.name))


def maker_name(tx: Transaction, name: str) -> Text:
    """Return what people call the account of a name; whoever sits at the machine has none."""
    row: Mapping[str, Any] | None = tx.accounts.find(name)
    if row is None:
        return ROLE_NAMES[Role.LOCAL] if name == Role.LOCAL.value else _as_text(name)
    return _as_text(str(row["display_name"] or name))


def _area_name(tx: Transaction, area: Area) -> Text:
    if area.layer is None:
        return _whole_name(tx)
    known = tx.read_layer(area.layer, columns=["name"])["name"].dropna()
    return _as_text(str(known.get(area.code) or area.code))


def _whole_name(tx: Transaction) -> Text:
    """Return what everything is called: the narrowest zone that holds it all, else how many there are of the widest."""
    name = Text("")
    for layer in _LEVELS:
        names = tx.read_layer(layer, columns=["name"])["name"]
        if len(names) > 1:
            return name if name.id else Text(_MANY[layer].id, {"count": len(names)})
        name = next((_as_text(str(said)) for said in names.dropna()), name)
    return name


def _as_text(name: str) -> Text:
    return Text(_NAME, {"name": name})
