"""A briefing as PPTX, 16:9: a cover, then one conclusion a slide; tables and charts stay editable."""

import io
from typing import Any, Final

from pptx import Presentation
from pptx.enum.text import MSO_ANCHOR
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Inches

from services.briefing.model import Briefing
from services.briefing.words import speaking
from services.clock import utc_of
from services.export.briefing.content import briefing_content
from services.export.briefing.slide_parts import (
    CHINESE_FONT,
    HEIGHT,
    LATIN_FONT,
    WIDTH,
    Box,
    Ink,
    add_bar,
    add_text,
    fit_title,
    place_title,
)
from services.export.briefing.slide_sections import TITLE_ONLY, add_section
from services.export.briefing.theme import NAVY, PAPER, RED, one_line
from services.export.zip_dates import without_dates

_COVER_INK: Final = "#d5dce6"


def to_pptx(briefing: Briefing) -> bytes:
    """Return a briefing as PPTX, in its own language."""
    with speaking(briefing.language):
        deck = Presentation()
        _prepare(deck, briefing)
        _add_cover(deck, briefing)
        for section in briefing.sections:
            add_section(deck, briefing, section)
        file = io.BytesIO()
        deck.save(file)
        return without_dates(file.getvalue())


def _prepare(deck: Any, briefing: Briefing) -> None:
    """Make the template wide, name Chinese fonts in its theme, and say what the file is."""
    stretch = Inches(WIDTH) / deck.slide_width
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    for page in (deck.slide_master, *deck.slide_layouts):
        for shape in page.placeholders:
            shape.left, shape.width = round(shape.left * stretch), round(shape.width * stretch)
    theme = next(part for part in _related(deck.slide_master.part) if part.partname.endswith("theme1.xml"))
    theme._blob = _name_theme_fonts(theme.blob)  # noqa: SLF001 - python-pptx does not open themes
    said = deck.core_properties
    said.title, said.author, said.comments = one_line(briefing.title), "", one_line(briefing.mark)
    said.created = said.modified = utc_of(briefing.made_at)


def _related(part: Any) -> list[Any]:
    return [link.target_part for link in part.rels.values() if not link.is_external]


def _name_theme_fonts(blob: bytes) -> bytes:
    root = parse_xml(blob)
    for kind in ("a:majorFont", "a:minorFont"):
        for fonts in root.iter(qn(kind)):
            fonts.find(qn("a:latin")).set("typeface", LATIN_FONT)
            fonts.find(qn("a:ea")).set("typeface", CHINESE_FONT)
            for font in fonts.findall(qn("a:font")):
                if font.get("script") == "Hans":
                    font.set("typeface", CHINESE_FONT)
    return serialize_part_xml(root)


def _add_cover(deck: Any, briefing: Briefing) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    add_bar(slide, Box(0, 0, WIDTH, HEIGHT), NAVY)
    add_bar(slide, Box(1.0, 4.55, 1.6, 0.07), RED)
    add_text(slide, Box(1.0, 0.7, 8.0, 0.45), one_line(briefing.mark), Ink(20, PAPER), MSO_ANCHOR.MIDDLE)
    shown, size, _ = fit_title(one_line(briefing.title), 8.6)
    slide.shapes._spTree.append(slide.shapes.title._element)  # noqa: SLF001 - brings the title before the ground
    ink = Ink(size * 1.3, PAPER, bold=True)
    place_title(slide.shapes.title, Box(1.0, 1.4, 11.3, 2.95), shown, ink, MSO_ANCHOR.BOTTOM)
    content = briefing_content(briefing)
    add_text(slide, Box(1.0, 4.85, 11.3, 0.5), content["about"], Ink(22, PAPER))
    add_text(slide, Box(1.0, 5.4, 11.3, 0.45), content["made"], Ink(18, _COVER_INK))
