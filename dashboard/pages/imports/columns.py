"""How the columns of a file were understood, and the user's word on it."""

from html import escape
from typing import Final

import streamlit as st

from dashboard.kit.field_words import field_name, fields_of, is_required
from dashboard.kit.widgets import plain, show_heading, show_note
from dashboard.pages.imports import flow
from dashboard.pages.imports.draft import ImportDraft
from dashboard.streamlit import state
from geo.schema import Layer
from services.i18n import _, text
from services.imports import StagedImport
from services.imports.check.models import masked
from services.imports.check.values import show
from services.imports.read.table import RawTable
from services.rules.headers import CERTAIN

SAMPLES: Final = 3
_WIDTHS: Final = (1.15, 1.35, 1.6)


def samples(table: RawTable, header: str, field: str, layer: Layer) -> list[str]:
    """Return the first different values of a column as people may see them: what is personal is masked."""
    found: dict[str, None] = {}
    for cell in table.frame[header]:
        if cell is not None and str(cell).strip():
            found.setdefault(masked(field, show(cell), layer))
        if len(found) == SAMPLES:
            break
    return list(found)


def show_columns(draft: ImportDraft, staged_import: StagedImport, table: RawTable) -> None:
    """Show each field with the column it is read from; the ones in use first, the others on demand."""
    mapping, layer = staged_import.mapping, draft.layer
    has_shapes = table.geometry is not None
    show_heading(
        _("Columns"), _("{used} of {all} understood", used=len(mapping.columns), all=len(staged_import.headers))
    )
    asked = () if staged_import.is_all_stored else fields_of(layer)
    needed = [f for f in asked if is_required(f, layer, has_shapes=has_shapes)]
    first = [f for f in fields_of(layer) if f in mapping.columns or f in needed]
    others = [f for f in fields_of(layer) if f not in first and not (f == "wkt" and has_shapes)]
    lacking = [field_name(f, layer) for f in needed if f not in mapping.columns]
    if lacking:
        said = text(
            "No column was understood as {fields}. Choose it, or another layer if this is not the right one.",
            fields="、".join(lacking),
        )
        st.warning(plain(_(said)))
    with st.container(key="columns", gap=None):
        for field in first:
            _show_field(field, draft, staged_import, table, required=field in needed)
    if others:
        with st.expander(_("{count} fields more", count=len(others))), st.container(key="columns-more", gap=None):
            for field in others:
                _show_field(field, draft, staged_import, table, required=False)
    if mapping.unused:
        show_note(_("Not used: {headers}", headers="、".join(mapping.unused)))


def _show_field(field: str, draft: ImportDraft, staged: StagedImport, table: RawTable, *, required: bool) -> None:
    header = staged.mapping.columns.get(field)
    name, key = field_name(field, draft.layer), f"column-{field}"
    state.preset(key, header)
    label, choice, sample = st.columns(_WIDTHS, gap="small", vertical_alignment="center")
    star = f'<b class="gm-required" title="{escape(_("required"))}">*</b>' if required else ""
    label.html(f'<span class="gm-field">{escape(name)}{star}</span>')
    choice.selectbox(
        name,
        [None, *staged.headers],
        key=key,
        format_func=lambda option: option or _("not in the file"),
        filter_mode=None,
        label_visibility="collapsed",
        on_change=flow.change_column,
        args=(field, key),
    )
    likely = (
        "" if header is None or staged.mapping.scores.get(field, 0.0) >= CERTAIN else _("by likeness; please check")
    )
    shown = samples(table, header, field, draft.layer) if header else []
    warning = f'<em class="gm-likely">{escape(likely)}</em>' if likely else ""
    sample.html(f'<span class="gm-sample">{escape(" · ".join(shown))}</span>{warning}')
