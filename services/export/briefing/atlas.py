"""A page for each community: its part of the briefing's map and what is told of its grids."""

from dataclasses import dataclass, replace
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from geo.schema import Layer
from services.briefing.mapping import MOST_GRIDS
from services.briefing.model import Briefing, KeyFigure, MapPart, Section, SectionName, Table, TableColumn, Tone
from services.briefing.words import speaking
from services.errors import ServiceError
from services.export.briefing.paper import sections_pdf
from services.export.briefing.theme import one_line
from services.export.columns import STATUS_NAMES
from services.i18n import text, translate
from services.rules.rounding import round_table, shown_text, sum_balance
from services.wording import percent

_DOTS_PER_INCH: Final = 130
"""Hundreds of pages: enough for paper, and half the time."""

_BODY: Final = """
#align(center, text(size: 12pt)[#content.atlas])
#set outline.entry(fill: repeat[·])
#columns(2, gutter: 8mm, { set text(size: 9pt); set par(leading: 0.8em, justify: false)
  show outline.entry.where(level: 3): it => block(above: 1.2em, sticky: true, hei(faux(0.2pt, it.element.body)))
  outline(title: none, indent: 0pt, target: heading.where(level: 2).or(heading.where(level: 3))) })
#show heading.where(level: 3): it => text(weight: "regular", size: 10pt, fill: grey, hei(it.body))
#for (k, section) in content.sections.enumerate() {
  pagebreak()
  let area = content.areas.at(k)
  if area != "" {
    let is-first = k == 0 or content.areas.at(k - 1) != area
    block(below: 0pt, if is-first { heading(level: 3, area) } else { hei(size: 10pt, fill: grey, area) })
  }
  part(section, str(k + 1) + " ")
}
"""


class AtlasError(ServiceError, LookupError):
    """A briefing has no map of grids inside communities, of which an atlas is made."""

    def __init__(self) -> None:
        super().__init__(
            text(
                "The briefing has no map of grids and communities, so there is no atlas: choose the section "
                "“situation”, import grids and communities, and make it for at most {most} grids (a district)",
                most=MOST_GRIDS,
            )
        )


@dataclass(frozen=True)
class _Page:
    """A community with its grids."""

    name: str
    outline: gpd.GeoDataFrame
    table: pd.DataFrame
    area: str
    """Name of the next wider zone; empty where the map has none."""


def to_atlas_pdf(briefing: Briefing) -> bytes:
    """Return a PDF with a page for each community, from the first map of the briefing, after a list of them all.

    They stand under their sub-districts where there are several. Communities without grids have no page. A grid belongs
    to the community that holds its middle.

    Raises
    ------
    AtlasError
        If no section has a map of grids inside communities.
    MissingFontError
        If there is no Chinese font.
    """
    sections = atlas_sections(briefing)
    if not sections:
        raise AtlasError
    with speaking(briefing.language):
        title = translate("Atlas: {count} communities", count=len(sections))
        heads = {"atlas": title, "areas": _areas(briefing)}
        return sections_pdf(briefing, sections, _BODY, dots_per_inch=_DOTS_PER_INCH, heads=heads)


def _areas(briefing: Briefing) -> list[str]:
    """Return the name of the area above each community, empty ones where all lie in one."""
    part = _map_part(briefing)
    names = [] if part is None else [one_line(page.area) for page in _pages(part)]
    return names if len(set(names)) > 1 else [""] * len(names)


def _map_part(briefing: Briefing) -> MapPart | None:
    return next((one.map for one in briefing.sections if _is_usable(one.map)), None)


def _is_usable(part: MapPart | None) -> bool:
    return part is not None and part.level is Layer.GRIDS and len(part.zones) > 0 and len(part.borders) > 0


def _pages(part: MapPart) -> list[_Page]:
    """Return the communities that hold grids, in the order of their codes."""
    communities = part.borders[-1]
    groups: dict[str, list[str]] = {}
    for code, community in _holders(part.zones[part.zones.index.isin(part.table.index)], communities).items():
        groups.setdefault(str(community), []).append(str(code))
    areas = part.borders[-2] if len(part.borders) > 1 else communities.head(0)
    area_of = _holders(communities, areas).map(areas["name"])
    found = [code for code in sorted(communities.index.astype(str)) if code in groups]
    return [
        _Page(
            str(communities["name"][code]),
            communities.loc[[code]],
            part.table.loc[sorted(groups[code])],
            str(area_of.get(code, "")),
        )
        for code in found
    ]


def _holders(zones: gpd.GeoDataFrame, wider: gpd.GeoDataFrame) -> "pd.Series[Any]":
    """Return the code of the wider zone that holds the middle of each zone; those in none are left out."""
    middles = gpd.GeoDataFrame(geometry=zones.geometry.representative_point())
    joined = gpd.sjoin(middles, wider[[wider.geometry.name]], predicate="within")
    codes: pd.Series[Any] = joined["index_right" if "index_right" in joined else joined.columns[-1]]
    return codes.groupby(level=0).first()


def atlas_sections(briefing: Briefing) -> list[Section]:
    """Return what the atlas of a briefing tells of each community; nothing where no map is of grids and communities."""
    part = _map_part(briefing)
    with speaking(briefing.language):
        return [] if part is None else [_section(part, page) for page in _pages(part)]


def _section(part: MapPart, page: _Page) -> Section:
    return Section(
        name=SectionName.COMMUNITIES,
        title=_title(page),
        figures=_sums(page.table),
        table=_grids_table(page.table),
        map=_map_of(part, page),
    )


def _title(page: _Page) -> str:
    weak = int((page.table["status"] == "weak").sum())
    name = one_line(page.name)
    if not weak:
        return translate("{community}: no grid is short of people", community=name)
    return translate("{community}: {weak} of {all} grids are weak", community=name, weak=weak, all=len(page.table))


def _sums(table: pd.DataFrame) -> tuple[KeyFigure, ...]:
    """Return how many grids are weak, and what they need, have, lack and could spare together."""
    weak, balance = int((table["status"] == "weak").sum()), sum_balance(table)
    return (
        KeyFigure(translate("Grids"), str(len(table))),
        KeyFigure(translate("Weak grids"), str(weak), tone=Tone.BAD if weak else Tone.GOOD),
        KeyFigure(translate("Need"), shown_text(balance.need)),
        KeyFigure(translate("Met"), shown_text(balance.met)),
        KeyFigure(translate("Missing"), shown_text(balance.gap)),
        KeyFigure(translate("To spare"), shown_text(balance.surplus)),
    )


def _grids_table(table: pd.DataFrame) -> Table:
    heads = (
        (text("Grid"), False),
        (text("Need"), True),
        (text("Met"), True),
        (text("Missing"), True),
        (text("To spare"), True),
        (text("Coverage ratio"), True),
        (text("Status"), False),
    )
    shown = round_table(table)[["need", "met", "gap", "surplus"]].map(shown_text).to_numpy(dtype=str).tolist()
    rows = tuple(
        (
            str(row["name"]),
            *figures,
            percent(row["ratio"]),
            translate(STATUS_NAMES[str(row["status"])]),
        )
        for figures, (_code, row) in zip(shown, table.iterrows(), strict=True)
    )
    return Table(tuple(TableColumn(translate(label), is_number) for label, is_number in heads), rows)


def _map_of(part: MapPart, page: _Page) -> MapPart:
    """Return the part of a map that shows one community, its grids by name, with what touches it."""
    zones = part.zones.loc[part.zones.index.isin(page.table.index)]
    around = page.outline.geometry.union_all().envelope
    marks = None if part.marks is None else part.marks[part.marks.geometry.within(page.outline.geometry.union_all())]
    base = {layer: frame[frame.intersects(around)].clip(around) for layer, frame in part.base.items()}
    names = [str(name).removeprefix(page.name) for name in page.table["name"].reindex(zones.index)]
    grids = zones[[zones.geometry.name]].assign(name=names)
    return replace(part, table=page.table, zones=zones, borders=(page.outline, grids), marks=marks, base=base, arcs=())
