"""Files to take away: made when they are fetched, under an address that works once."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.kit.widgets import show_note
from dashboard.streamlit.state import AUTO, View
from dashboard.web.routes import XLSX_TYPE, issue_download
from geo.schema import Layer
from services.export.situation import CoverageFile, export_coverage, look_at
from services.i18n import Text, _, text
from services.rules.classes import MapLayer
from services.rules.windows import Mode, Window


@dataclass(frozen=True, slots=True)
class Export:
    """A kind of file: what its button says and its media type."""

    kind: CoverageFile
    label: Text
    media_type: str


EXPORTS: Final = (
    Export(CoverageFile.PNG, text("Map as picture (PNG)"), "image/png"),
    Export(CoverageFile.XLSX, text("Table (XLSX)"), XLSX_TYPE),
    Export(CoverageFile.GPKG, text("Layer for QGIS (GeoPackage)"), "application/geopackage+sqlite3"),
)


def show_downloads(view: View, mode: Mode, window: Window) -> None:
    """Show a button for each file: the level and layer of the map, in this window and mode."""
    level = Layer(view.level) if view.level != AUTO else Layer.GRIDS
    layer = MapLayer(view.layer)
    with st.container(horizontal=True, key="downloads"):
        for export in EXPORTS:
            name = file_name(export.kind, level, window.start)
            make = partial(make_file, export.kind, level, layer, mode, window)
            st.link_button(_(export.label), issue_download(name, export.media_type, make))
    show_note(_("Each link works once, for five minutes. Every download is kept in the audit trail."))


def file_name(kind: CoverageFile, level: Layer, start: datetime) -> str:
    """Return the name of a file, the same for the same level and hour.

    >>> file_name(CoverageFile.PNG, Layer.GRIDS, datetime(2026, 11, 27, 20))
    'gridmuster-grids-20261127-2000.png'
    """
    return f"gridmuster-{level.value}-{start:%Y%m%d-%H%M}{kind.value}"


def make_file(kind: CoverageFile, level: Layer, layer: MapLayer, mode: Mode, window: Window) -> bytes:
    """Return a file of a level and layer of the map in a mode and window, as whoever is at the page may have it."""
    context = cache.context()
    return export_coverage(context, look_at(context, window, mode), kind, level, layer)
