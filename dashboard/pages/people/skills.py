"""Skills on the card of a person: how each is known, and noting that a proof was seen."""

from datetime import date

import streamlit as st

from dashboard import cache
from dashboard.kit.outcome import attempt
from dashboard.kit.widgets import show_note
from dashboard.pages.people import actions
from dashboard.streamlit import state
from services.catalog.skills import load_skills
from services.i18n import _, text
from services.people import Person
from services.skills import PROOF_NAMES, Proof, check_skill


def show_skill_check(person: Person) -> None:
    """Show what is asked for to note that a proof of a skill was seen."""
    catalog, own = load_skills(), [skill.code for skill in person.skills]
    offered = [*(code for code in own if code in catalog.skills), *(code for code in catalog.skills if code not in own)]
    with st.form(f"people-skills-{person.code}", border=False):
        show_note(_("Only what was seen is noted, never the number of a document."))
        st.selectbox(
            _("Skill"), offered, format_func=catalog.name, key=_key("skill", person.code), index=0 if own else None
        )
        st.selectbox(
            _("What was seen"),
            list(Proof),
            format_func=lambda proof: _(PROOF_NAMES[proof]),
            key=_key("proof", person.code),
        )
        today = cache.context().clock().date()
        st.date_input(
            _("Valid until (empty: no end)"),
            value=None,
            min_value=today,
            max_value=date(today.year + 30, 12, 31),
            key=_key("skill-until", person.code),
            format="YYYY-MM-DD",
        )
        st.form_submit_button(_("Note it"), on_click=_check, args=(person.code,))


def _check(code: str) -> None:
    skill, proof = state.widget_value(_key("skill", code)), state.widget_value(_key("proof", code))
    if skill is None or proof is None:
        return
    with attempt(actions.NAME) as tell:
        check_skill(cache.context(), code, str(skill), Proof(proof), state.widget_value(_key("skill-until", code)))
        state.forget(_key("skill-until", code))
        tell(text("Noted: {skill}.", skill=load_skills().name(str(skill))))


def _key(name: str, code: str) -> str:
    return f"people-{name}-{code}"
