"""Which sections are said, in which order, with which comment; kept as a template."""

import streamlit as st

from dashboard import cache
from dashboard.kit.outcome import show_refusal
from dashboard.kit.widgets import plain, show_heading
from dashboard.pages.briefing import draft
from dashboard.streamlit import session, state
from services import briefing
from services.accounts import name_areas
from services.briefing import LONGEST_COMMENT, BriefingTemplate, SectionChoice, SectionName
from services.briefing.words import SECTION_NAMES
from services.i18n import _


def show_chooser() -> None:
    """Show the sections, a row each, and the templates."""
    show_heading(_("Sections"), _("What is ticked is said, from top to bottom"))
    chosen = draft.choices()
    for k, choice in enumerate(chosen):
        _show_row(choice, is_first=k == 0, is_last=k == len(chosen) - 1)
    _show_templates()


def _show_row(choice: SectionChoice, *, is_first: bool, is_last: bool) -> None:
    name = choice.name
    title = _(SECTION_NAMES[name])
    with st.container(key=f"section-{name.value}", gap=None):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            state.preset(f"shown-{name.value}", choice.is_shown)
            st.checkbox(title, key=f"shown-{name.value}", on_change=_tick, args=(name,), width="stretch")
            for word, by, icon, is_end in (
                (_("Move {section} up", section=title), -1, ":material/arrow_upward:", is_first),
                (_("Move {section} down", section=title), 1, ":material/arrow_downward:", is_last),
            ):
                st.button(
                    word,
                    key=f"move-{name.value}-{by}",
                    icon=icon,
                    disabled=is_end,
                    type="tertiary",
                    on_click=_move,
                    args=(name, by),
                )
        if choice.is_shown:
            state.preset(f"comment-{name.value}", choice.comment)
            st.text_input(
                _("Comment on {section}", section=title),
                key=f"comment-{name.value}",
                max_chars=LONGEST_COMMENT,
                placeholder=_("Comment, shown below the conclusion"),
                label_visibility="collapsed",
                on_change=_comment,
                args=(name,),
            )


def _tick(name: SectionName) -> None:
    draft.keep(draft.with_change(draft.choices(), name, is_shown=bool(state.widget_value(f"shown-{name.value}"))))


def _comment(name: SectionName) -> None:
    draft.keep(draft.with_change(draft.choices(), name, comment=str(state.widget_value(f"comment-{name.value}") or "")))


def _move(name: SectionName, by: int) -> None:
    draft.keep(draft.moved(draft.choices(), name, by))


def _show_templates() -> None:
    kept = _templates()
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="templates"):
        st.selectbox(
            _("Template"),
            list(kept),
            index=None,
            key="template",
            placeholder=_("Use a template") if kept else _("No template yet"),
            label_visibility="collapsed",
            disabled=not kept,
            on_change=_use,
            width=220,
        )
        with st.popover(_("Template…")):
            _show_keeping(kept)


def _templates() -> dict[str, BriefingTemplate]:
    """Return the templates by how they are called here: one of a part of the area with the name of that part."""
    kept, own = briefing.list_templates(cache.context()), session.actor().area
    areas = {template.area for template in kept} - {own}
    names = name_areas(session.server(), areas) if areas else {}
    return {t.name if t.area == own else f"{t.name}（{names[t.area]}）": t for t in kept}


def _use() -> None:
    template = _templates().get(str(state.widget_value("template")))
    if template is not None:
        draft.keep(template.sections)


def _show_keeping(kept: dict[str, BriefingTemplate]) -> None:
    name = st.text_input(_("Keep this choice as"), max_chars=40, key="template-name")
    if st.button(_("Keep"), type="primary", width="stretch", key="template-keep"):
        with show_refusal():
            there = briefing.save_template(cache.context(), BriefingTemplate(name, draft.choices()))
            st.success(plain(_("Kept as “{name}”.", name=there.name)))
    chosen = state.widget_value("template")
    if chosen in kept and st.button(_("Delete “{name}”", name=plain(chosen)), width="stretch", key="template-delete"):
        with show_refusal():
            briefing.delete_template(cache.context(), kept[chosen].name, kept[chosen].area)
            state.forget("template")
            st.rerun()
