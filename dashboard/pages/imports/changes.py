"""What a file would do to what is stored: counted by field before the word is given, and the user's word on it."""

from typing import Final

import streamlit as st

from dashboard.kit.field_words import field_name
from dashboard.kit.html_table import show_table
from dashboard.kit.widgets import plain, show_heading
from dashboard.pages.imports import flow
from dashboard.pages.imports.draft import ImportDraft
from geo.schema import Layer
from services.i18n import _
from services.imports import BadValues, Changes, FarPlaces, Outlines, StagedImport, Treatment
from services.wording import number

_NONE: Final = "–"


def show_changes(draft: ImportDraft, staged_import: StagedImport) -> None:
    """Show how many stored rows change, and of each field how many values are replaced, added and lost."""
    show_outlines(draft, staged_import)
    show_far(draft, staged_import)
    show_bad_values(draft, staged_import)
    changes = staged_import.changes
    if not staged_import.rows_replacing:
        return
    show_heading(_("What is stored already"), change_sentence(changes))
    rows = change_rows(changes, staged_import.layer)
    if rows:
        headers = [_("Field"), _("Replaced"), _("Added"), _("Lost")]
        show_table(headers, rows, label=_("What is stored already"), kind="changes")
    lost = sum(changes.emptied.values())
    if lost:
        said = _("{count} stored values are lost: the cells of the file are empty. Look before you import.", count=lost)
        st.warning(plain(said))


def change_sentence(changes: Changes) -> str:
    """Return how many rows are new, change, and stay as they are."""
    return _(
        "{new} new, {changed} change, {unchanged} stay as they are",
        new=number(changes.new),
        changed=number(changes.changed_rows),
        unchanged=number(changes.unchanged),
    )


def change_rows(changes: Changes, layer: Layer) -> list[tuple[str, ...]]:
    """Return field, and how many of its values are replaced, added and lost, in words; the most lost first."""
    counted = (changes.changed, changes.filled, changes.emptied)
    fields = dict.fromkeys(field for counts in (changes.emptied, changes.changed, changes.filled) for field in counts)
    return [
        (field_name(field, layer), *(number(counts[field]) if field in counts else _NONE for counts in counted))
        for field in fields
    ]


def show_outlines(draft: ImportDraft, staged_import: StagedImport) -> None:
    """Offer to replace stored outlines by the less that the file has; tell where that was chosen."""
    if draft.options.outlines is Outlines.REPLACE:
        st.warning(plain(_("Stored outlines are replaced by what the file has, points too.")))
        _offer(_("Keep the outlines"), outlines=Outlines.KEEP)
    elif staged_import.outlines_kept:
        count = number(staged_import.outlines_kept)
        st.info(
            plain(_("{count} stored outlines stay: the file has only a point or a small part of them.", count=count))
        )
        _offer(_("Replace the outlines"), outlines=Outlines.REPLACE)


def show_far(draft: ImportDraft, staged_import: StagedImport) -> None:
    """Offer to take rows that lie far from where they are said to belong; tell where that was chosen."""
    if draft.options.far is FarPlaces.ACCEPT:
        st.warning(plain(_("Rows that lie far from where they are said to belong are imported too.")))
        _offer(_("Leave them out"), far=FarPlaces.REFUSE)
    elif staged_import.rows_far:
        count = number(staged_import.rows_far)
        st.warning(
            plain(_("{count} rows lie far from where they are said to belong and are not imported.", count=count))
        )
        _offer(_("Both are right: import them"), far=FarPlaces.ACCEPT)


def show_bad_values(draft: ImportDraft, staged_import: StagedImport) -> None:
    """Offer to clear what is stored where the file has a value that cannot be used; tell where that was chosen."""
    if draft.options.bad_values is BadValues.CLEAR:
        st.warning(plain(_("Where the file has a value that cannot be used, what is stored is cleared.")))
        _offer(_("Keep what is stored"), bad_values=BadValues.KEEP)
        return
    kept = sum(finding.action is Treatment.KEPT for finding in staged_import.findings)
    if kept:
        said = _("{count} values of the file cannot be used; what is stored stays in their place.", count=number(kept))
        st.info(plain(said))
        _offer(_("Clear what is stored there"), bad_values=BadValues.CLEAR)


def _offer(label: str, **choice: Outlines | FarPlaces | BadValues) -> None:
    st.button(label, key=next(iter(choice)), on_click=flow.change_options, kwargs=choice)
