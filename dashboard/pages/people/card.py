"""One person's card: masked facts, in clear on demand, and what can be done with the data."""

from functools import partial

import streamlit as st

from dashboard import cache
from dashboard.frame.use_case_button import show_use_case
from dashboard.kit.field_words import field_facts
from dashboard.kit.widgets import show_facts, show_heading, show_note
from dashboard.pages.people import actions
from dashboard.pages.people.actions import PlaceNames
from dashboard.pages.people.skills import show_skill_check
from dashboard.pages.people.times import show_times
from dashboard.streamlit import session, state
from dashboard.web.routes import issue_download
from geo.schema import Layer
from services import people
from services.catalog.actions import Action
from services.export.file_names import record_file_name
from services.i18n import _
from services.people import Person
from services.rules.norm_texts import DAY_PART_NAMES
from services.rules.windows import DayPart
from services.skills import skill_words


def show_card(person: Person, names: PlaceNames) -> None:
    """Show what is known of a person and what may be done."""
    show_heading(_("Person {code}", code=person.code))
    _show_facts(person, names)
    with st.expander(_("Duties and times"), key=f"people-times-{person.code}"):
        show_times(person.code)
    if session.can(Action.CHECK_SKILL):
        with st.expander(_("Check a skill"), key=f"people-check-{person.code}"):
            show_skill_check(person)
    if session.can(Action.UNMASK):
        _show_unmask(person)
    if session.can(Action.CORRECT_PERSON):
        with st.expander(_("Correct the data"), key=f"people-correct-{person.code}"):
            _show_correction(person)
    if session.can(Action.UNMASK):
        with st.expander(_("Export the data"), key=f"people-export-{person.code}"):
            _show_export(person)
    if session.can(Action.ERASE_PERSON):
        with st.expander(_("Erase the data"), key=f"people-erase-{person.code}"):
            show_use_case(people.erase_person, actions.NAME, {"code": person.code}, partial(actions.choose, None))


def _show_facts(person: Person, names: PlaceNames) -> None:
    shown, today = actions.clear_of(person.code) or person, cache.context().clock().date()
    facts = (
        (_("Full name"), shown.name),
        (_("Phone"), shown.phone),
        (_("Home"), shown.address),
        (_("Community"), names.communities.get(person.community_code, person.community_code)),
        (_("Grid"), names.grids.get(person.grid_code, person.grid_code)),
        (_("Unit organisation"), names.units.get(person.unit_code, person.unit_code)),
        (_("Skills"), "、".join(skill_words(skill, today) for skill in person.skills)),
        (_("Kept until"), person.keep_until),
        *field_facts(Layer.MEMBERS, shown.others),
    )
    show_facts((label, said or "–") for label, said in facts)


def _show_unmask(person: Person) -> None:
    if actions.clear_of(person.code):
        st.button(_("Mask again"), key=f"people-mask-{person.code}", on_click=actions.mask)
        return
    with st.container(horizontal=True, key="people-unmask", vertical_alignment="bottom"):
        _show_reasons(actions.WHY)
        label, do = _("Show in clear"), actions.unmask
        st.button(label, key=f"people-show-{person.code}", on_click=do, args=(person.code,), type="primary")
    show_note(_("Every look is kept in the audit trail with its reason, and so many an hour are allowed."))


def _show_reasons(key: str) -> None:
    """Show the usual reasons to choose from; own words may be typed in their place."""
    if state.widget_value(key) is None:
        state.preset(key, state.saved_value(actions.LAST_REASON))
    st.selectbox(
        _("Why"),
        actions.reasons(),
        index=None,
        key=key,
        accept_new_options=True,
        placeholder=_("Choose a reason, or write your own"),
    )


def _show_correction(person: Person) -> None:
    with st.form(f"people-form-{person.code}", border=False):
        show_note(_("What is left empty stays as it is."))
        st.text_input(_("Full name"), key=f"people-name-{person.code}", max_chars=40)
        st.text_input(_("Phone"), key=f"people-phone-{person.code}", max_chars=40)
        st.text_input(_("Home"), key=f"people-address-{person.code}", max_chars=120)
        show_note(_("Has time, in per cent"))
        for column, part in zip(st.columns(len(DayPart), vertical_alignment="bottom"), DayPart, strict=True):
            column.number_input(
                _(DAY_PART_NAMES[part]), 0, 100, value=None, step=10, key=f"people-{part.value}-{person.code}"
            )
        st.text_input(_("Kept until"), key=f"people-until-{person.code}", placeholder="2027-12-31", max_chars=10)
        st.form_submit_button(_("Save"), on_click=actions.correct, args=(person.code,))


def _show_export(person: Person) -> None:
    show_note(_("Everything stored about this person, in clear, as the person may ask for it (JSON)."))
    name, make = (
        record_file_name(person.code, cache.context().clock(), ".json"),
        partial(actions.make_export, person.code),
    )
    st.link_button(_("Fetch the file"), issue_download(name, "application/json", make))
