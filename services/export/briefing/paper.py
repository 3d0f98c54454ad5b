"""A briefing on A4 upright in the manner of an official paper: mark, title, body in Song, headings in Hei."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from services.briefing.model import Briefing, Section
from services.briefing.words import speaking
from services.export.briefing.content import add_pictures, briefing_content, section_content
from services.export.typesetting import Document, compile_pdf

_MAP_INCHES: Final = (8.3, 5.3)
_MAP_ABOVE_TABLE: Final = (8.3, 4.6)
"""Drawn larger than the 156 mm it gets, so that its lettering fits the body of the paper."""
_CHART_POINTS: Final = (442.0, 190.0)
_LETTERS: Final = 10.5

_TEMPLATE: Final = """
#let content = json(bytes(sys.inputs.content))
#let red = rgb("#b3261e")
#let grey = luma(95)
#let song(body, ..style) = text(font: content.fonts.song, ..style, body)
#let hei(body, ..style) = text(font: content.fonts.hei, ..style, body)
#let faux(width, body) = text(stroke: width + rgb("#111111"), body)

#set document(title: content.title, author: ())
#set text(font: content.fonts.song, size: 14pt, lang: content.lang, fill: rgb("#111111"))
#set text(region: "cn") if content.lang == "zh"
#set par(leading: 0.95em, spacing: 1em, justify: content.lang == "zh")
#set page(paper: "a4", margin: (top: 32mm, bottom: 32mm, left: 27mm, right: 27mm), footer-descent: 9mm,
  header: context if counter(page).get().first() > 1 {
    set text(size: 9pt, fill: grey)
    grid(columns: (1fr, auto), column-gutter: 4mm, hei[#content.title], hei[#content.mark])
    v(-2.2mm)
    line(length: 100%, stroke: 0.4pt + grey)
  },
  footer: context {
    set text(size: 8.5pt, fill: grey)
    set par(justify: false)
    align(center, song(size: 12pt, fill: black)[— #counter(page).display() —])
    v(-1mm)
    align(center, hei(content.source.split(" · ").map(part => box(part)).join(" · ")))
  })

#let card(figure) = block(width: 100%, inset: (x: 6pt, y: 8pt),
  stroke: (top: 1.6pt + rgb(figure.colour), rest: 0.4pt + luma(190)))[
  #set par(leading: 0.5em, spacing: 0.55em, justify: false)
  #hei(size: 10pt, fill: grey)[#figure.sign#figure.label]
  #parbreak()
  #hei(size: if figure.value.len() > 12 { 13pt } else { 19pt }, fill: rgb(figure.colour))[#figure.value]
  #if figure.note != "" [#parbreak() #hei(size: 9pt, fill: grey)[#figure.note]]
]

#let listing(said) = {
  set text(size: 10pt)
  set table.cell(breakable: false)
  set par(leading: 0.5em, justify: false)
  // A table that fits a page is not broken.
  block(breakable: said.rows.len() > 20, {
    table(columns: said.widths.map(width => width * 1fr), inset: (x: 4pt, y: 4.5pt), stroke: (x, y) => (
        top: if y == 0 { 1.1pt } else if y == 1 { 0.6pt } else { 0.3pt + luma(190) },
        bottom: 1.1pt),
      align: (x, y) => (if said.numbers.at(x) { right } else { left }) + horizon,
      table.header(..said.head.map(cell => hei[#cell])),
      ..said.rows.flatten().map(cell => [#cell]))
    if said.more != "" { block(above: 0.5em, hei(size: 9.5pt, fill: grey, said.more)) }
  })
}

#show heading.where(level: 2): it => text(weight: "regular", size: 15pt, hei(faux(0.25pt, it.body)))

#let part(section, number) = {
  block(above: 1.5em, below: 0.9em, sticky: true,
    heading(level: 2)[#number#section.title])
  if section.lead != "" { block(sticky: true, par(first-line-indent: (amount: 2em, all: true))[#section.lead]) }
  if section.figures.len() > 0 {
    let count = if section.figures.len() <= 4 { section.figures.len() } else { 3 }
    block(breakable: false, sticky: true, grid(columns: (1fr,) * count, gutter: 6pt, ..section.figures.map(card)))
  }
  if section.map != none {
    block(above: 1em, stroke: 0.4pt + luma(190), inset: 2pt, image(section.map.file, alt: section.map.alt, width: 100%))
  }
  if section.chart != none { block(above: 1em, image(section.chart.file, alt: section.chart.alt, width: 100%)) }
  if section.empty != "" { hei(size: 10.5pt, fill: grey)[#section.empty] }
  else if section.table != none { listing(section.table) }
  if section.comment != "" {
    block(above: 1em, width: 100%, inset: (left: 8pt, y: 5pt), stroke: (left: 2pt + red))[
      #hei(size: 10.5pt, fill: red)[#section.comment_label] #parbreak() #section.comment]
  }
}

#hei(size: 14pt)[#content.mark]
#v(9mm)
#align(center, heading(level: 1, par(justify: false, leading: 0.6em,
  text(weight: "regular", size: 22pt, fill: red, song(text(stroke: 0.45pt + red)[#content.title])))))
#v(1mm)
#align(center, text(size: 12pt)[#content.about])
#v(-1mm)
#line(length: 100%, stroke: 1.5pt + red)
#v(1mm)
"""
_BODY: Final = """
#for (k, section) in content.sections.enumerate() {
  part(section, if content.lang == "zh" { numbering("一、", k + 1) } else { numbering("1. ", k + 1) })
}
"""


def to_pdf(briefing: Briefing) -> bytes:
    """Return a briefing as PDF, in its own language; pages are A4 upright.

    Raises
    ------
    MissingFontError
        If there is no Chinese font.
    """
    with speaking(briefing.language):
        return sections_pdf(briefing, briefing.sections, _BODY)


def sections_pdf(
    briefing: Briefing,
    sections: Sequence[Section],
    body: str,
    *,
    dots_per_inch: int = 200,
    heads: Mapping[str, str | Sequence[str]] = MappingProxyType({}),
) -> bytes:
    """Return sections as PDF below the head of a briefing, in the current language.

    Parameters
    ----------
    briefing
        Of which the head tells.
    sections
        What the pages hold.
    body
        The part of the template that lays them out.
    dots_per_inch
        Of maps.
    heads
        Further texts that ``body`` asks for.

    Raises
    ------
    MissingFontError
        If there is no Chinese font.
    """
    contents: list[dict[str, Any]] = []
    files: dict[str, bytes] = {}
    for k, section in enumerate(sections):
        inches, content = _MAP_ABOVE_TABLE if section.table else _MAP_INCHES, section_content(section)
        files |= add_pictures(
            content,
            section,
            f"section{k}",
            map_inches=inches,
            chart_points=_CHART_POINTS,
            letters=_LETTERS,
            dots_per_inch=dots_per_inch,
        )
        contents.append(content)
    content = {**briefing_content(briefing), **heads, "sections": contents}
    return compile_pdf(_TEMPLATE + body, Document(briefing.made_at, content, files))
