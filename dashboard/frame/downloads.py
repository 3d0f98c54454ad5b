"""Files to take away: made when they are fetched."""

from dataclasses import dataclass
from functools import partial
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.kit.widgets import show_note
from dashboard.streamlit.state import AUTO, View
from dashboard.web.routes import XLSX_TYPE, issue_download
from geo.schema import Layer
from services.export.file_names import coverage_file_name
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
    is_map: bool = False
    """Whether it shows the one layer that is looked at, and is called like it."""


EXPORTS: Final = (
    Export(CoverageFile.PNG, text("Map as picture (PNG)"), "image/png", is_map=True),
    Export(CoverageFile.XLSX, text("Table (XLSX)"), XLSX_TYPE),
    Export(CoverageFile.GPKG, text("Layer for QGIS (GeoPackage)"), "application/geopackage+sqlite3"),
)


def show_downloads(view: View, mode: Mode, window: Window) -> None:
    """Show a button for each file: the level and layer of the map, in this window and mode."""
    level = Layer(view.level) if view.level != AUTO else Layer.GRIDS
    layer = MapLayer(view.layer)
    with st.container(horizontal=True, key="downloads"):
        for export in EXPORTS:
            name = coverage_file_name(
                cache.imprint().area, level, window.start, export.kind.value, layer if export.is_map else None
            )
            make = partial(make_file, export.kind, level, layer, mode, window)
            st.link_button(_(export.label), issue_download(name, export.media_type, make))
    show_note(_("Every download is kept in the audit trail."))


def make_file(kind: CoverageFile, level: Layer, layer: MapLayer, mode: Mode, window: Window) -> bytes:
    """Return a file of a level and layer of the map in a mode and window, as whoever is at the page may have it."""
    context = cache.context()
    return export_coverage(context, look_at(context, window, mode), kind, level, layer)
