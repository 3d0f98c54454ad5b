"""The map of a preview: made once for each look at a file, its geometry fetched by address."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

from dashboard.map.bridge import StaticMap, render_map
from dashboard.map.plugin import PaperMap, Plugin, controls
from dashboard.payloads.import_preview import CLASS_LIMITS, ImportPreview, PreviewRole
from dashboard.streamlit import session
from dashboard.web.blobs import BLOBS, Readers
from services.catalog.actions import Action
from services.i18n import Text, _, text

ROLE_NAMES: Final[Mapping[PreviewRole, Text]] = {
    PreviewRole.COUNTS: text("New members by zone"),
    PreviewRole.OUTLINE: text("Stored, level above"),
    PreviewRole.BEFORE: text("Stored, this layer"),
    PreviewRole.FRESH: text("From this file"),
    PreviewRole.REPAIRED: text("Repaired"),
    PreviewRole.OVERLAP: text("Overlap"),
    PreviewRole.GAP: text("Gap between zones"),
}


def put_layers(preview: ImportPreview) -> Mapping[PreviewRole, str]:
    """Return the addresses of a preview's layers, for the one session at the page."""
    readers = Readers(session.actor().area, Action.IMPORT, session.key())
    return {role: BLOBS.put(preview.layers[role], readers) for role in PreviewRole if role in preview.layers}


def draw_preview(preview: ImportPreview, addresses: Mapping[PreviewRole, str]) -> StaticMap:
    """Return the map of a preview, whose layers are fetched at their addresses (``put_layers``)."""
    west, south, east, north = preview.bounds
    layers = [
        {"role": role.value, "url": address, "count": preview.layers[role].count} for role, address in addresses.items()
    ]
    options: dict[str, Any] = {
        "layers": layers,
        "bounds": [[south, west], [north, east]],
        "names": {role.value: _(name) for role, name in ROLE_NAMES.items()},
        "classes": _class_words(),
        "title": _("Preview"),
        "label": _("Preview of the import on the map. Arrow keys move it, plus and minus zoom."),
    }
    paper = PaperMap()
    for plugin in (
        controls("fit"),
        Plugin("preview", options=options),
    ):
        plugin.add_to(paper)
    return render_map(paper)


def _class_words() -> list[str]:
    limits = (1, *CLASS_LIMITS)
    between = [f"{low}–{high - 1}" for low, high in pairwise(limits)]
    return [_("nobody"), *between, _("{number} and more", number=limits[-1])]
