"""One section of a briefing as a picture of 1920 × 1080 pixels."""

from typing import Final

from services.briefing.model import Briefing, Section, SectionName
from services.briefing.words import speaking
from services.export.briefing.content import (
    add_pictures,
    briefing_content,
    choose_sections,
    section_content,
    table_content,
)
from services.export.typesetting import Document, compile_png

MOST_ROWS: Final = 12
"""Rows of a table that has the picture to itself."""
_MAP_INCHES: Final = (9.0, 5.6)
_MAP_BESIDE: Final = (6.9, 5.6)
_CHART_POINTS: Final = (880.0, 300.0)
_CHART_BESIDE: Final = (430.0, 360.0)
_CHART_AMONG: Final = (440.0, 165.0)
"""Inches and points of a map and a chart alone, beside a table, and beside a map among figures and a table."""
_LETTERS: Final = 15.0
_LETTERS_BESIDE: Final = 11.5
_TABLE_EM: Final = 59.0
_TABLE_EM_BESIDE: Final = 38.0
"""Letters that a table is wide, alone and beside a map or a chart."""
_PIXELS_PER_INCH: Final = 144.0
"""The page is 960 × 540 points."""

TEMPLATE: Final = """
#let content = json(bytes(sys.inputs.content))
#let section = content.section
#let grey = rgb("#56606e")
#set document(title: section.title)
#set text(font: content.fonts.hei, size: 14pt, lang: content.lang, fill: rgb("#1b2430"))
#set par(leading: 0.6em, spacing: 0.7em)
#set page(width: 960pt, height: 540pt, margin: (x: 36pt, top: 24pt, bottom: 38pt), footer-descent: 12pt,
  footer: block(width: 100%, inset: (top: 5pt), stroke: (top: 0.6pt + rgb("#c9d1db")))[
    #set text(size: 10pt, fill: grey)
    #grid(columns: (1fr, auto), column-gutter: 8mm, content.source, text(fill: rgb("#b3261e"))[#content.mark])])

#let headline(said) = layout(space => {
  let height(size) = measure(width: space.width, text(size: size)[#said]).height
  let one = (32pt, 30pt, 28pt, 26pt).filter(size => height(size) <= 40pt)
  let two = (30pt, 28pt, 26pt, 24pt, 22pt, 20pt).filter(size => height(size) <= 80pt)
  set par(leading: 0.45em)
  text(size: (one + two).at(0, default: 18pt), fill: rgb("#17375e"), stroke: 0.5pt + rgb("#17375e"))[#said]
})

#let card(figure) = block(width: 100%, height: 100%, inset: (x: 9pt, y: 7pt), fill: rgb("#f1f4f8"),
  stroke: (left: 4pt + rgb(figure.colour)))[
  #set par(leading: 0.4em, spacing: 0.5em)
  #text(size: 13pt, fill: grey)[#figure.sign#figure.label]
  #parbreak()
  #text(size: if figure.value.len() > 12 { 18pt } else { 28pt }, fill: rgb(figure.colour))[#figure.value]
  #if figure.note != "" [#parbreak() #text(size: 11pt, fill: grey)[#figure.note]]
]

#let listing(said, size) = {
  set text(size: size)
  set par(leading: 0.4em)
  table(columns: said.widths.map(width => width * 1fr), inset: (x: 6pt, y: if size > 13pt { 5pt } else { 4pt }),
    stroke: (x, y) => (bottom: if y == 0 { 1.2pt + rgb("#17375e") } else { 0.5pt + rgb("#c9d1db") }),
    align: (x, y) => (if said.numbers.at(x) { right } else { left }) + horizon,
    fill: (x, y) => if y > 0 and calc.even(y) { rgb("#f1f4f8") },
    table.header(..said.head.map(cell => text(fill: rgb("#17375e"), stroke: 0.3pt + rgb("#17375e"))[#cell])),
    ..said.rows.flatten().map(cell => [#cell]))
  if said.more != "" { text(size: 12pt, fill: grey)[#said.more] }
}

#let fitted(body) = layout(space => {
  let height(part) = measure(width: space.width / part, body).height * part
  let sizes = (1.0, 0.93, 0.86, 0.8, 0.74, 0.68, 0.62, 0.56, 0.5)
  let part = sizes.find(part => height(part) <= space.height)
  if part == none { part = space.height / measure(width: space.width, body).height }
  scale(part * 100%, origin: top + left, reflow: true, block(width: space.width / part, body))
})

#let picture = if section.map != none { section.map } else { section.chart }
#let words = {
  if section.empty != "" { text(fill: grey)[#section.empty] }
  else if section.table != none { listing(section.table, if picture == none { 15pt } else { 12pt }) }
  if section.comment != "" {
    block(width: 100%, inset: (left: 9pt, y: 4pt), stroke: (left: 3pt + rgb("#b3261e")))[
      #text(size: 12pt, fill: rgb("#b3261e"))[#section.comment_label] #parbreak() #section.comment]
  }
}

#block(below: 12pt, headline(section.title))
#if section.lead != "" { block(above: 0pt, below: 12pt, text(size: 15pt, fill: grey)[#section.lead]) }
#let is_split = section.map != none or (section.chart != none and section.table != none)
#let shares = if section.table == none { (2.15fr, 1fr) } else { (1fr, 1.1fr) }
#if is_split {
  block(height: 1fr, grid(columns: shares, column-gutter: 14pt,
    block(height: 100%, image(picture.file, alt: picture.alt, width: 100%, height: 100%, fit: "contain")),
    block(height: 100%, fitted({
      let columns = if section.figures.len() > 4 { 3 } else { 2 }
      if section.figures.len() > 0 {
        grid(columns: (1fr,) * columns, gutter: 8pt, rows: 78pt, ..section.figures.map(card))
      }
      if section.map != none and section.chart != none {
        image(section.chart.file, alt: section.chart.alt, width: 440pt)
      }
      words
    }))))
} else {
  if section.figures.len() > 0 {
    block(height: 82pt, grid(columns: (1fr,) * calc.min(section.figures.len(), 7), rows: 82pt, gutter: 8pt,
      ..section.figures.slice(0, calc.min(section.figures.len(), 7)).map(card)))
  }
  if section.chart != none { image(section.chart.file, alt: section.chart.alt, width: 100%) }
  block(height: 1fr, width: 100%, fitted(words))
}
"""


def section_png(briefing: Briefing, name: SectionName) -> bytes:
    """Return a section as PNG, in the language of the briefing; a long table is cut and says how much is left out.

    Raises
    ------
    MissingFontError
        If there is no Chinese font.
    NoSuchSectionError
        If the briefing does not have the section.
    """
    (section,) = choose_sections(briefing, (name,)).sections
    with speaking(briefing.language):
        said = section_content(section)
        if section.table is not None:
            em = _TABLE_EM if section.map is None and section.chart is None else _TABLE_EM_BESIDE
            said["table"] = table_content(section.table, em, _rows_that_fit(section))
        is_split = section.table is not None
        inches, points = (_MAP_BESIDE, _CHART_BESIDE) if is_split else (_MAP_INCHES, _CHART_POINTS)
        points = _CHART_AMONG if section.map is not None else points
        letters = _LETTERS_BESIDE if is_split else _LETTERS
        files = add_pictures(said, section, "section", map_inches=inches, chart_points=points, letters=letters)
        document = Document(briefing.made_at, {**briefing_content(briefing), "section": said}, files)
        return compile_png(TEMPLATE, document, pixels_per_inch=_PIXELS_PER_INCH)


def _rows_that_fit(section: Section) -> int:
    return MOST_ROWS - (3 if section.figures else 0)
