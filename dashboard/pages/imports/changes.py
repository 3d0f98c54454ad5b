"""What a file would do to what is stored: counted by field before the word is given, and the user's word on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import streamlit as st

from dashboard.kit.field_words import field_name
from dashboard.kit.html_table import show_table
from dashboard.kit.widgets import plain, show_heading
from dashboard.pages.imports import flow
from dashboard.pages.imports.draft import ImportDraft
from geo.schema import Layer
from services.i18n import Text, _, text
from services.imports import BadValues, Changes, FarPlaces, Outlines, StagedImport, Treatment
from services.wording import number

_NONE: Final = "–"
Choice = Outlines | FarPlaces | BadValues


@dataclass(frozen=True, slots=True)
class OptionOffer:
    """A choice that what was found in a file calls for."""

    option: str
    """Which of ``services.imports.Options``."""
    usual: Choice
    other: Choice
    count: Callable[[StagedImport], int]
    """How often it matters; the choice is offered where it does."""
    finding: Text
    """What is said where it is offered."""
    label: Text
    notice: Text
    """What is said where it was chosen."""
    way_back: Text
    show: Callable[[str], object] = st.info


OFFERS: Final = (
    OptionOffer(
        "outlines",
        Outlines.KEEP,
        Outlines.REPLACE,
        lambda staged: staged.outlines_kept,
        finding=text("{count} stored outlines stay: the file has only a point or a small part of them."),
        label=text("Replace the outlines"),
        notice=text("Stored outlines are replaced by what the file has, points too."),
        way_back=text("Keep the outlines"),
    ),
    OptionOffer(
        "far",
        FarPlaces.REFUSE,
        FarPlaces.ACCEPT,
        lambda staged: staged.rows_far,
        finding=text("{count} rows left out: they lie far from where they are said to belong."),
        label=text("Both are right: import them"),
        notice=text("Rows that lie far from where they are said to belong are imported too."),
        way_back=text("Leave them out"),
        show=st.warning,
    ),
    OptionOffer(
        "bad_values",
        BadValues.KEEP,
        BadValues.CLEAR,
        lambda staged: sum(finding.action is Treatment.KEPT for finding in staged.findings),
        finding=text("{count} values of the file cannot be used; what is stored stays in their place."),
        label=text("Clear what is stored there"),
        notice=text("Where the file has a value that cannot be used, what is stored is cleared."),
        way_back=text("Keep what is stored"),
    ),
)


def show_changes(draft: ImportDraft, staged_import: StagedImport) -> None:
    """Show how many stored rows change, and of each field how many values are replaced, added and lost."""
    show_offers(draft, staged_import)
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


def show_offers(draft: ImportDraft, staged_import: StagedImport) -> None:
    """Show every choice that what was found calls for, and every one that was made."""
    for offer in OFFERS:
        count, is_made = offer.count(staged_import), getattr(draft.options, offer.option) is offer.other
        if count or is_made:
            with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"offer-{offer.option}"):
                _show_offer(offer, count, is_made=is_made)


def _show_offer(offer: OptionOffer, count: int, *, is_made: bool) -> None:
    """Show what was found or chosen, and beside it the button that chooses otherwise."""
    if is_made:
        st.warning(plain(_(offer.notice)))
        label, choice = offer.way_back, offer.usual
    else:
        offer.show(plain(_(offer.finding, count=number(count))))
        label, choice = offer.label, offer.other
    st.button(_(label), key=offer.option, on_click=flow.change_options, kwargs={offer.option: choice})
