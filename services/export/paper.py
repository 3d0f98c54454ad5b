"""Order sheets on paper: a Typst template that gets its content as data, never as code."""

from typing import Final

ORDERS: Final = """
#let content = json(bytes(sys.inputs.content))
#let grey = luma(110)
#set document(title: content.title)
#set text(font: "Noto Sans SC", size: 11pt, lang: "zh")
#set page(paper: "a5", margin: 16mm, footer: text(size: 8pt, fill: grey)[#content.mark #linebreak() #content.made])

#for order in content.orders {
  text(size: 20pt)[#order.heading]
  v(2mm)
  text(size: 14pt)[#order.team]
  v(3mm)
  line(length: 100%, stroke: 0.6pt)
  v(2mm)
  grid(columns: (22mm, 1fr), row-gutter: 4mm,
    ..order.rows.map(row => (text(fill: grey)[#row.at(0)], [#row.at(1)])).flatten())
  pagebreak(weak: true)
}

#set page(paper: "a4", flipped: true, footer: text(size: 8pt, fill: grey)[#content.mark #h(1fr) #content.made])
#for list in content.lists {
  text(size: 16pt)[#list.title]
  v(2mm)
  table(columns: (2.2fr, 2.2fr, 0.7fr, 2.4fr, 1.2fr, 1.4fr), stroke: 0.4pt + luma(160), inset: 5pt,
    table.header(..list.head.map(cell => table.cell(fill: luma(235))[#cell])),
    ..list.rows.flatten().map(cell => [#cell]))
  pagebreak(weak: true)
}
"""
