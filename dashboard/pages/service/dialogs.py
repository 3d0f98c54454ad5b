"""What the page 服务 asks: a new claim, and whether one ends."""

import streamlit as st

from dashboard.kit.outcome import show_refusal
from dashboard.kit.widgets import plain, show_note
from dashboard.kit.words import tell_apart
from dashboard.pages.service import actions
from dashboard.streamlit.fragments import keep_language
from geo.schema import Layer
from services.claims import HOLDER_NAMES, Claim, ClaimDraft, ClaimOverview, HolderKind
from services.claims.texts import block_words, holder_words, share_words
from services.i18n import _
from services.rostering import load_roster_norms
from services.rules.privacy import LONGEST_REASON
from services.wording import number


def show_question(overview: ClaimOverview) -> None:
    """Show the dialog that is open."""
    ending = actions.claim_to_end(overview)
    if ending is not None:
        st.dialog(_("End the claim?"), on_dismiss=actions.close)(keep_language(_ask_end))(ending)
    elif actions.is_new_open():
        st.dialog(_("Claim blocks"), on_dismiss=actions.close)(keep_language(_ask_new))(overview)


def _ask_end(claim: Claim) -> None:
    who = holder_words(claim.holder) or _(HOLDER_NAMES[claim.holder.kind])
    count = _("{count} households", count=claim.households)
    st.markdown(plain(f"{block_words(claim)} · {count} · {who}"))
    show_note(_("The blocks are free then; the number of households claimed goes down."))
    if st.button(_("End"), key="service-end", type="primary", width="stretch"):
        actions.end(claim.id)
        st.rerun()


def _ask_new(overview: ClaimOverview) -> None:
    places = {place.code: place for place in overview.places if place.layer is Layer.ESTATES}
    shares = {
        code: f"{place.name}（{share_words(place.claimed_households, place.households)}）"
        for code, place in places.items()
    }
    labels = tell_apart(shares)
    norms = load_roster_norms().claim
    with st.form("service-new-form", border=False):
        estate = st.selectbox(
            _("Estate"), list(labels), index=None, format_func=labels.__getitem__, placeholder=_("Choose an estate")
        )
        left, right = st.columns([1.6, 1])
        blocks = left.text_input(_("Which blocks"), placeholder=_("like blocks 3-5"), max_chars=80)
        households = right.number_input(_("Households"), 0, 9999, 0, step=1, help=_("Where shared, this share alone"))
        kind = st.radio(
            _("Who takes care of them"),
            list(HolderKind),
            format_func=lambda each: _(HOLDER_NAMES[each]),
            horizontal=True,
        )
        holder = st.text_input(
            _("Code or whole name"), max_chars=60, help=_("Of a member or a team of your area, or of any unit")
        )
        is_shared = st.checkbox(_("Shared: taken care of together with others"))
        most, guide = (number(each.value) for each in (norms.most, norms.guide))
        reason = st.text_input(
            _("Why, where one person takes care of more than {most} households", most=most),
            max_chars=LONGEST_REASON,
            help=_("About {guide} households for each person are a good measure.", guide=guide),
        )
        if st.form_submit_button(_("Claim"), type="primary", width="stretch"):
            if estate is None:
                st.error(_("Choose an estate first."))
                return
            with show_refusal():
                actions.add(
                    ClaimDraft(
                        Layer.ESTATES,
                        estate,
                        blocks,
                        int(households),
                        kind or HolderKind.MEMBER,
                        holder,
                        is_shared=is_shared,
                        reason=reason,
                    )
                )
                st.rerun()
