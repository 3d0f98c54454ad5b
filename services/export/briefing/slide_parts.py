"""What stands on slides: texts, cards of figures, pictures, the foot; every run with a Chinese font."""

import io
from dataclasses import dataclass
from typing import Any, Final

from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Inches, Pt

from services.briefing.model import KeyFigure
from services.export.briefing.theme import (
    FAINT,
    INK,
    LINE,
    PALE,
    RED,
    TONE_COLOURS,
    TONE_SIGNS,
    clean,
    count_lines,
    one_line,
    shorten_to,
    width_em,
)

CHINESE_FONT: Final = "微软雅黑"
LATIN_FONT: Final = "Arial"
WIDTH: Final = 13.333
HEIGHT: Final = 7.5
"""Inches of a slide."""
EDGE: Final = 0.55
FOOT_TOP: Final = 6.98
SMALLEST_BODY: Final = 14.0
"""Points; the foot alone is smaller."""
_TITLE_SIZES: Final = (32.0, 30.0, 28.0, 26.0)
_MOST_TITLE_LINES: Final = 3
_FOOT_SIZE: Final = 11.0
_FOOT_SIZES: Final = (11.0, 10.0, 9.0)
_SLACK: Final = 1.05
"""Kept back where a text stands on one line, for fonts wider than ours."""
_VALUE_SIZES: Final = (40.0, 36.0, 32.0, 28.0, 24.0, 20.0, 18.0)
_WIDEST_FIGURES: Final = 1.3
"""How much wider bold figures are than ours where a machine has another font in place of YaHei."""
_LINE_HEIGHT: Final = 1.32
"""Height of a line of YaHei, in heights of its letters."""


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float

    def emu(self) -> tuple[Inches, Inches, Inches, Inches]:
        """Return the place as python-pptx wants it."""
        return Inches(self.left), Inches(self.top), Inches(self.width), Inches(self.height)


@dataclass(frozen=True, slots=True)
class Ink:
    """How a text looks; size in points."""

    size: float
    colour: str = INK
    bold: bool = False
    align: PP_ALIGN = PP_ALIGN.LEFT


def rgb(colour: str) -> RGBColor:
    """Return a colour for python-pptx."""
    make: Any = RGBColor
    made: RGBColor = make(*bytes.fromhex(colour.removeprefix("#")))
    return made


def set_fonts(properties: Any) -> None:
    """Name the Latin and the Chinese font of a run's properties, in the order that the schema wants."""
    for tag, face in (("a:latin", LATIN_FONT), ("a:ea", CHINESE_FONT), ("a:cs", LATIN_FONT)):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
        before = [qn("a:hlinkClick"), qn("a:hlinkMouseOver"), qn("a:rtl"), qn("a:extLst")]
        at = next((k for k, child in enumerate(properties) if child.tag in before), len(properties))
        properties.insert(at, properties.makeelement(qn(tag), {"typeface": face}))


def write(frame: Any, words: str, ink: Ink) -> None:
    """Replace the text of a frame; line breaks make paragraphs."""
    frame.word_wrap = True
    for k, line in enumerate(clean(words).split("\n")):
        paragraph = frame.paragraphs[0] if k == 0 else frame.add_paragraph()
        paragraph.alignment = ink.align
        run = paragraph.add_run()
        run.text = line.replace("\t", " ")
        style_run(run, ink)


def style_run(run: Any, ink: Ink) -> None:
    """Set size, colour, weight, language and fonts of a run."""
    run.font.size, run.font.bold = Pt(ink.size), ink.bold
    run.font.color.rgb = rgb(ink.colour)
    properties = run._r.get_or_add_rPr()  # noqa: SLF001 - python-pptx has no setting for the Chinese font
    properties.set("lang", "zh-CN")
    properties.set("altLang", "en-US")
    set_fonts(properties)


def add_text(slide: Slide, box: Box, words: str, ink: Ink, anchor: MSO_ANCHOR = MSO_ANCHOR.TOP) -> Any:
    """Add a text without margins and return its shape."""
    shape = slide.shapes.add_textbox(*box.emu())
    _bare(shape.text_frame, anchor)
    write(shape.text_frame, words, ink)
    return shape


def fit_title(words: str, width: float) -> tuple[str, float, int]:
    """Return a title, its size in points and its lines: on one line if any size allows it, cut after three."""
    one = next((size for size in _TITLE_SIZES if count_lines(words, width * 72 / size) == 1), None)
    if one is not None:
        return words, one, 1
    for size in _TITLE_SIZES:
        lines = count_lines(words, width * 72 / size)
        if lines <= (2 if size > _TITLE_SIZES[-1] else _MOST_TITLE_LINES):
            return words, size, lines
    smallest = _TITLE_SIZES[-1]
    return shorten_to(words, width * 72 / smallest * _MOST_TITLE_LINES * 0.92), smallest, _MOST_TITLE_LINES


def put_title(slide: Slide, words: str, colour: str) -> float:
    """Write the title of a slide into its placeholder; return where the rest may begin, in inches."""
    shown, size, lines = fit_title(one_line(words), WIDTH - 2 * EDGE - 0.25)
    return _place_title(slide, shown, Ink(size, colour, bold=True), lines)


def put_title_again(slide: Slide, words: str, more: str, colour: str) -> float:
    """Write the title of a slide that goes on, on two lines at most; return where the rest may begin, in inches."""
    shown, lines = _fit_again(words, more)
    return _place_title(slide, shown, Ink(_TITLE_SIZES[-1], colour, bold=True), lines)


def top_again(words: str, more: str) -> float:
    """Return where the body of a slide begins that goes on from the one before, in inches."""
    return _bottom_of_title(_TITLE_SIZES[-1], _fit_again(words, more)[1])


def _fit_again(said: str, more: str) -> tuple[str, int]:
    em = (WIDTH - 2 * EDGE - 0.25) * 72 / _TITLE_SIZES[-1] * 0.94
    lines = 1 if width_em(one_line(said) + more) <= em else 2
    return shorten_to(one_line(said), em * lines * (1 if lines == 1 else 0.97) - width_em(more)) + more, lines


def _bottom_of_title(size: float, lines: int) -> float:
    return (0.42 if lines < _MOST_TITLE_LINES else 0.3) + lines * size / 72 * _LINE_HEIGHT + 0.14


def _place_title(slide: Slide, said: str, ink: Ink, lines: int) -> float:
    height = lines * ink.size / 72 * _LINE_HEIGHT
    top = 0.42 if lines < _MOST_TITLE_LINES else 0.3
    add_bar(slide, Box(EDGE, top + 0.06, 0.09, height - 0.1), RED)
    shape = slide.shapes.title
    place_title(shape, Box(EDGE + 0.25, top, WIDTH - 2 * EDGE - 0.25, height), said, ink, MSO_ANCHOR.MIDDLE)
    return _bottom_of_title(ink.size, lines)


def place_title(shape: Any, box: Box, words: str, ink: Ink, anchor: MSO_ANCHOR) -> None:
    """Put the title's placeholder to its place and write it."""
    shape.left, shape.top, shape.width, shape.height = box.emu()
    _bare(shape.text_frame, anchor)
    write(shape.text_frame, words, ink)


def add_bar(slide: Slide, box: Box, colour: str) -> Any:
    """Add a rectangle of one colour without outline or shadow."""
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box.emu())
    shape.fill.solid()
    shape.fill.fore_color.rgb = rgb(colour)
    shape.line.fill.background()
    shape.shadow.inherit = False
    return shape


def add_paragraph(slide: Slide, box: Box, words: str, ink: Ink) -> float:
    """Add a text that may take several lines; return where it ends, in inches."""
    lines = count_lines(words, box.width * 72 / ink.size)
    height = lines * ink.size / 72 * _LINE_HEIGHT
    add_text(slide, Box(box.left, box.top, box.width, height), words, ink)
    return box.top + height


def add_comment(slide: Slide, words: str, label: str, bottom: float) -> float:
    """Add a comment that ends at ``bottom``; return where it begins. A long one gets smaller letters, then is cut."""
    width = WIDTH - 2 * EDGE - 0.2
    whole = f"{label}：{clean(words).strip()}"
    size = next((size for size in (18.0, 16.0) if count_lines(whole, width * 72 / size) <= 2), SMALLEST_BODY)
    em = width * 72 / size
    shown = whole if count_lines(whole, em) <= 4 else shorten_to(one_line(whole), em * 3.6)
    height = count_lines(shown, em) * size / 72 * _LINE_HEIGHT
    top = bottom - height
    add_bar(slide, Box(EDGE, top, 0.05, height), RED)
    add_text(slide, Box(EDGE + 0.2, top, width, height), shown, Ink(size))
    return top - 0.12


def add_card(slide: Slide, box: Box, figure: KeyFigure) -> None:
    """Add one figure: its label, the number as large as fits, its note."""
    colour = TONE_COLOURS[figure.tone]
    add_bar(slide, box, PALE)
    add_bar(slide, Box(box.left, box.top, 0.07, box.height), colour)
    inner, width = box.left + 0.2, box.width - 0.28
    label, value, note = (one_line(said) for said in (figure.label, figure.value, figure.note))
    label = TONE_SIGNS[figure.tone] + label
    label_size = _fitting(label, width, (16.0, 15.0, SMALLEST_BODY))
    label_at = Box(inner, box.top + 0.08, width, 0.3)
    shown = shorten_to(label, width * 72 / label_size)
    add_text(slide, label_at, shown, Ink(label_size, FAINT), MSO_ANCHOR.MIDDLE)
    lines = min(count_lines(note, width * 72 / SMALLEST_BODY), 2) if note else 0
    note_height = lines * SMALLEST_BODY / 72 * _LINE_HEIGHT
    value_at = Box(inner, box.top + 0.4, width, box.height - 0.5 - note_height)
    sizes = tuple(size for size in _VALUE_SIZES if size / 72 * _LINE_HEIGHT <= value_at.height) or (18.0,)
    ink = Ink(_fitting(value, width / _WIDEST_FIGURES, sizes), colour, bold=True)
    add_text(slide, value_at, value, ink, MSO_ANCHOR.MIDDLE)
    if note:
        note_at = Box(inner, box.top + box.height - 0.08 - note_height, width, note_height)
        shown = shorten_to(note, width * 72 / SMALLEST_BODY * lines * 0.92)
        add_text(slide, note_at, shown, Ink(SMALLEST_BODY, FAINT))


def add_picture(slide: Slide, box: Box, content: bytes, words: str) -> None:
    """Add a picture with the text that says what it shows."""
    shape = slide.shapes.add_picture(io.BytesIO(content), *box.emu())
    describe(shape, words)


def describe(shape: Any, words: str) -> None:
    """Set the alternative text of a shape."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", one_line(words))  # noqa: SLF001 - python-pptx has no setting


def add_foot(slide: Slide, source: str, mark: str) -> None:
    """Add source, mark and the number of the slide."""
    add_bar(slide, Box(EDGE, FOOT_TOP, WIDTH - 2 * EDGE, 0.012), LINE)
    said, row = shorten_to(one_line(mark), 14), FOOT_TOP + 0.08
    wide = width_em(said) * _FOOT_SIZE / 72 * 1.1
    room = WIDTH - 2 * EDGE - wide - 0.8
    size = _fitting(one_line(source), room, _FOOT_SIZES)
    shown = shorten_to(one_line(source), room * 72 / size / _SLACK)
    add_text(slide, Box(EDGE, row, room, 0.28), shown, Ink(size, FAINT), MSO_ANCHOR.MIDDLE)
    at = Box(WIDTH - EDGE - 0.6 - wide, row, wide, 0.28)
    add_text(slide, at, said, Ink(_FOOT_SIZE, RED, align=PP_ALIGN.RIGHT), MSO_ANCHOR.MIDDLE)
    number = add_text(slide, Box(WIDTH - EDGE - 0.6, row, 0.6, 0.28), "", Ink(_FOOT_SIZE), MSO_ANCHOR.MIDDLE)
    _put_number(number, Ink(_FOOT_SIZE, FAINT, align=PP_ALIGN.RIGHT))


def _put_number(shape: Any, ink: Ink) -> None:
    """Make the one run of a shape the field that PowerPoint counts by itself."""
    paragraph = shape.text_frame.paragraphs[0]
    paragraph.alignment = ink.align
    run = paragraph.runs[0]
    style_run(run, ink)
    element = run._r  # noqa: SLF001 - python-pptx cannot add fields
    element.tag = qn("a:fld")
    element.set("id", "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}")
    element.set("type", "slidenum")
    element.find(qn("a:t")).text = "‹#›"


def _fitting(said: str, width: float, sizes: tuple[float, ...]) -> float:
    return next((size for size in sizes if width_em(said) * _SLACK <= width * 72 / size), sizes[-1])


def _bare(frame: Any, anchor: MSO_ANCHOR) -> None:
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = anchor
