"""A briefing to take away as slides, paper or picture; made when fetched, under an address that works once."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import streamlit as st

from dashboard import cache
from dashboard.streamlit import session
from dashboard.web.routes import issue_download
from services.briefing import Briefing, SectionName
from services.catalog.actions import Action
from services.context import Context
from services.export.briefing import record_file, section_png, to_pdf, to_pptx
from services.i18n import Text, _, text, use_language


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


def show_files(content: Briefing, section: SectionName | None) -> None:
    """Show a button for each file of a briefing, and for the picture of the section that is looked at.

    Whoever may not take files away sees none of them.
    """
    if not session.can(Action.EXPORT):
        return
    context = cache.context()
    for file in FILES:
        make = partial(_make_file, context, content, file.suffix, file.make)
        address = issue_download(file_name(content, file.suffix), file.media_type, make)
        st.link_button(_(file.label), address)
    if section is not None and any(one.name is section for one in content.sections):
        make = partial(_make_file, context, content, ".png", partial(section_png, name=section))
        name = file_name(content, f"-{section.value}.png")
        st.link_button(_("This section (PNG)"), issue_download(name, "image/png", make))


def file_name(briefing: Briefing, suffix: str) -> str:
    """Return the name of a file: by the number of a snapshot, else by the time it was made."""
    which = f"{briefing.number:04d}" if briefing.number is not None else f"{briefing.made_at:%Y%m%d-%H%M}"
    return f"gridmuster-briefing-{which}{suffix}"


def _make_file(context: Context, content: Briefing, suffix: str, make: Callable[[Briefing], bytes]) -> bytes:
    """Write a file in the language of the briefing, and leave an audit row of whoever is at the page."""
    use_language(content.language)
    file = make(content)
    record_file(context, content, suffix, file)
    return file
