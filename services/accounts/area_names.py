"""What areas are called, and which there are to give a role for."""

from collections.abc import Iterable, Mapping

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context
from services.i18n import translate
from services.rules.areas import AREA_LAYERS, Area


def name_areas(context: Context, areas: Iterable[Area]) -> Mapping[Area, str]:
    """Return what each of some areas is called, in the current language; one that is not in the data, by its code.

    ``context`` is the server's own.
    """
    wanted = set(areas)
    names: dict[Area, str] = {}
    with context.look(Action.SIGN_IN) as tx:
        for layer in {area.layer for area in wanted if area.layer}:
            known = tx.read_layer(layer, columns=["name"])["name"]
            of_layer = (area for area in wanted if area.layer is layer)
            names |= {area: str(known.get(area.code) or area.code) for area in of_layer}
    return names | {area: translate("everything") for area in wanted if area.layer is None}


def offer_areas(context: Context) -> Mapping[Layer, Mapping[str, str]]:
    """Return the names of all areas a role can be held for, by layer and code; layers without any are left out.

    Raises
    ------
    RefusedError
        If the actor may not manage accounts.
    """
    with context.look(Action.MANAGE_ACCOUNTS) as tx:
        frames = {layer: tx.read_layer(layer, columns=["name"])["name"] for layer in AREA_LAYERS}
    return {
        layer: {str(code): str(name or code) for code, name in frame.items()}
        for layer, frame in frames.items()
        if len(frame)
    }
