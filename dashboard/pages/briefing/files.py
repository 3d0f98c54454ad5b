"""A briefing to take away as slides, paper or picture, made when it is fetched."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.streamlit import session
from dashboard.web.routes import issue_download
from services.briefing import Briefing, BriefingHead, SectionName
from services.catalog.actions import Action
from services.export.briefing import record_file, section_png, to_pdf, to_pptx
from services.export.file_names import briefing_file_name, kept_file_name
from services.i18n import Text, _, current_language, text, use_language


@dataclass(frozen=True, slots=True)
class BriefingFile:
    """A kind of file: what its button says, its suffix and media type, and what makes it."""

    label: Text
    suffix: str
    media_type: str
    make: Callable[[Briefing], bytes]


FILES: Final = (
    BriefingFile(
        text("Slides (PPTX)"),
        ".pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        to_pptx,
    ),
    BriefingFile(text("Paper (PDF)"), ".pdf", "application/pdf", to_pdf),
)


def show_files(content: Briefing, section: SectionName | None, find: Callable[[], Briefing]) -> None:
    """Show a button for each file of a briefing, and for the picture of the section that is looked at.

    Whoever may not take files away sees none of them.

    Parameters
    ----------
    content
        What is looked at.
    section
        Which section of it.
    find
        Returns the same briefing as it is when a file is fetched: a ``partial``, so that its addresses stay the same.
    """
    if not session.can(Action.EXPORT):
        return
    for file in FILES:
        name, make = briefing_file_name(content, file.suffix), partial(_make_file, find, file.suffix, file.make)
        st.link_button(_(file.label), issue_download(name, file.media_type, make))
    if section is not None and any(one.name is section for one in content.sections):
        make = partial(_make_file, find, ".png", partial(section_png, name=section))
        name = briefing_file_name(content, ".png", section)
        st.link_button(_("This section (PNG)"), issue_download(name, "image/png", make))


def show_kept_files(head: BriefingHead) -> None:
    """Show a button for each file of a frozen briefing; its picture is that of its first section."""
    if not session.can(Action.EXPORT):
        return
    area = cache.paper_area_name(head.area)
    find = partial(cache.frozen_briefing, head.number, current_language())
    for file in (*FILES, PICTURE):
        name = kept_file_name(area, head.window.start, head.number, file.suffix)
        make = partial(_make_file, find, file.suffix, file.make)
        st.link_button(file.suffix.removeprefix(".").upper(), issue_download(name, file.media_type, make))


def _first_section(content: Briefing) -> bytes:
    return section_png(content, content.sections[0].name)


PICTURE: Final = BriefingFile(text("This section (PNG)"), ".png", "image/png", _first_section)


def _make_file(find: Callable[[], Briefing], suffix: str, make: Callable[[Briefing], bytes]) -> bytes:
    """Write a file in the language of the briefing, and leave an audit row of whoever is at the page."""
    content = find()
    use_language(content.language)
    file = make(content)
    record_file(cache.context(), content, suffix, file)
    return file
