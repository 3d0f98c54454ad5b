"""How the file itself is read: which sheet or layer, which encoding, which projection where it declares none."""

from typing import Any, Final

import streamlit as st

from dashboard.kit.field_words import layer_name
from dashboard.pages.imports import flow
from dashboard.pages.imports.draft import ImportDraft
from dashboard.streamlit import state
from geo.schema import Layer
from services.i18n import _
from services.imports.read.table import SourceFacts
from services.imports.read.text_files import AUTO
from services.imports.read.upload import FileFormat

ENCODINGS: Final = (AUTO, "utf-8", "gb18030", "utf-16", "big5")
_WITH_SHEETS: Final = frozenset({FileFormat.SHEET.value})
_WITH_ENCODING: Final = frozenset({FileFormat.TEXT.value, FileFormat.SHAPEFILE.value, FileFormat.GEOJSON.value})
_WITH_CRS: Final = frozenset(FileFormat) - {FileFormat.KML}


def show_reading(draft: ImportDraft) -> None:
    """Show the choices that fit the file."""
    source = draft.table.source if draft.table else None
    _choice(
        _("Layer"), "layer", [layer.value for layer in Layer], draft.layer.value, lambda name: layer_name(Layer(name))
    )
    if source is None:
        return
    if source.format in _WITH_ENCODING:
        _choice(_("Encoding"), "encoding", list(ENCODINGS), draft.options.encoding, lambda e: _encoding_name(e, source))
    if source.format in _WITH_CRS:
        key = "reading-crs"
        state.preset(key, draft.options.crs or "")
        st.text_input(
            _("Projection, where the file declares none"),
            key=key,
            placeholder="EPSG:4547",
            on_change=lambda: flow.change_options(crs=(state.widget_value(key) or "").strip() or None),
        )


def show_parts(source: SourceFacts) -> None:
    """Show which sheet, or layer of the file, is read, where there are several."""
    is_sheet = source.format in _WITH_SHEETS
    words = _("Sheet") if is_sheet else _("Layer of the file")
    _choice(words, "sheet" if is_sheet else "layer_name", list(source.choices), source.sheet or source.layer)


def source_words(source: SourceFacts) -> str:
    """Return what the file turned out to be: format, encoding, sheet, header row."""
    encoding = (source.encoding or "").upper().removesuffix("-SIG")
    parts = [source.format, encoding, source.sheet or source.layer or ""]
    if source.header_row and source.header_row > 1:
        parts.append(_("header in row {row}", row=source.header_row))
    return " · ".join(part for part in parts if part)


def _choice(label: str, option: str, choices: list[str], value: str | None, words: Any = str) -> None:
    key = f"reading-{option}"
    state.preset(key, value)
    change = flow.change_layer if option == "layer" else _change
    args = (key,) if option == "layer" else (option, key)
    st.selectbox(label, choices, key=key, format_func=words, filter_mode=None, on_change=change, args=args)


def _change(option: str, key: str) -> None:
    if (chosen := state.widget_value(key)) is not None:
        flow.change_options(**{option: chosen})


def _encoding_name(encoding: str, source: SourceFacts) -> str:
    found = f" ({source.encoding})" if source.encoding else ""
    return f"{_('Find out')}{found}" if encoding == AUTO else encoding.upper()
