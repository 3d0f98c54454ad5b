"""Section 5: need, people and teams by community, and who could lend people."""

from typing import Final

import numpy as np
import pandas as pd

from geo.coverage import Status
from geo.schema import Layer
from services.analysis import count_missing, count_spare
from services.briefing.material import Material
from services.briefing.model import Chart, ChartKind, Column, Section, SectionName, Series, Table
from services.briefing.places import places_text
from services.briefing.sections.situation import percent
from services.briefing.words import FEWEST_TOLD, LONGEST_CELL, is_hidden, people, shorten, since_text, told
from services.i18n import text, translate

MOST_ROWS: Final = 12
_LENDERS: Final = 3
"""Communities that are named for what they could lend."""


def tell_communities(material: Material) -> Section:
    """Return the section."""
    table = material.tables[Layer.COMMUNITIES]
    if table.empty:
        return Section(SectionName.COMMUNITIES, translate("No communities are stored"))
    ordered = order_by_gap(table)
    first = ordered.head(MOST_ROWS)
    return Section(
        SectionName.COMMUNITIES,
        title=_title(material, ordered),
        lead=_lead(ordered),
        table=_table(material, first, left_out=len(ordered) - len(first)),
        chart=_chart(first) if first["need"].sum() > 0 else None,
    )


def order_by_gap(table: pd.DataFrame) -> pd.DataFrame:
    """Return communities, the largest gap first, then the largest surplus, then by code."""
    order = np.lexsort(
        (np.arange(len(table)), -table["surplus"].fillna(0.0).to_numpy(), -table["gap"].fillna(0.0).to_numpy())
    )
    return table.iloc[order]


def _title(material: Material, ordered: pd.DataFrame) -> str:
    when, count = since_text(material.window, material.now), len(ordered)
    short = ordered[ordered["gap"].fillna(0.0) > 0]
    if (ordered["status"] == Status.NO_DATA).all():
        return translate("Nothing is known of need in any of {count} communities", count=count)
    if not ordered["need"].sum() > 0:
        return translate("{when}: nobody is needed in any of {count} communities", when=when, count=count)
    if short.empty:
        return translate("{when}: no grid of any of {count} communities is short of people", when=when, count=count)
    worst = short.iloc[0]
    said = text("{when}: {short} of {count} communities have weak grids, {name} lacks most ({missing})")
    return translate(
        said,
        when=when,
        short=len(short),
        count=count,
        name=shorten(_name(worst)),
        missing=people(count_missing(worst["gap"])),
    )


def _lead(ordered: pd.DataFrame) -> str:
    spare = ordered["surplus"].fillna(0.0)
    lenders = spare[spare.map(count_spare) > 0].sort_values(ascending=False, kind="stable")
    if lenders.empty:
        return translate("No community has people to lend.")
    named = [_name(ordered.loc[code]) for code in lenders.index[:_LENDERS]]
    count = people(count_spare(float(spare.sum())))
    if len(lenders) == 1:
        return translate(
            "{people} people could be lent, all of them by {place}.", people=count, place=shorten(named[0])
        )
    return translate(
        "{people} people could be lent, most of them by {places}.", people=count, places=places_text(named)
    )


def _table(material: Material, first: pd.DataFrame, *, left_out: int) -> Table:
    columns = (
        Column(translate("Community")),
        Column(translate("Need"), is_number=True),
        Column(translate("Supply"), is_number=True),
        Column(translate("Ratio"), is_number=True),
        Column(translate("Teams"), is_number=True),
        Column(translate("Could lend"), is_number=True),
    )
    teams = _teams(material)
    rows = [_row(str(code), row, teams.get(str(code), 0)) for code, row in first.iterrows()]
    return Table(columns, tuple(rows), left_out=left_out)


def _row(code: str, row: pd.Series, teams: int) -> tuple[str, ...]:
    name = shorten(str(row["name"] or code), LONGEST_CELL)
    if row["status"] == Status.NO_DATA:
        return name, "—", "—", "—", str(teams), "—"
    need, supply = round(row["need"]), round(row["supply"])
    return (
        name,
        f"{need:,}",
        people(supply),
        ratio_text(need, supply, row["ratio"]),
        str(teams),
        "—" if pd.isna(row["surplus"]) else people(count_spare(row["surplus"])),
    )


def ratio_text(need: int, supply: int, ratio: float) -> str:
    """Return a coverage ratio; where the supply may not be told, only what it is below.

    Examples
    --------
    >>> ratio_text(40, 30, 0.75), ratio_text(40, 2, 0.05)
    ('75%', '<8%')
    """
    if pd.isna(ratio):
        return "—"
    if is_hidden(supply):
        return f"<{-(-FEWEST_TOLD * 100 // need)}%" if need else "—"
    return translate("{percent}%", percent=percent(ratio))


def _chart(first: pd.DataFrame) -> Chart:
    known = first[first["need"].notna()]
    labels = tuple(shorten(_name(row)) for _code, row in known.iterrows())
    need = Series(translate("Need"), tuple(float(round(k)) for k in known["need"]))
    supply = Series(translate("Supply"), tuple(told(round(k)) for k in known["supply"].fillna(0.0)))
    return Chart(ChartKind.BARS, labels, (need, supply), unit=translate("persons"))


def _teams(material: Material) -> dict[str, int]:
    """Return how many teams have their home in each community, by its code."""
    community = material.grids["parent_code"].dropna().to_dict()
    homes = pd.Series([community.get(home) for home in material.team_homes.values()], dtype=object)
    return {str(code): int(count) for code, count in homes.value_counts().items()}


def _name(row: pd.Series) -> str:
    return str(row["name"] or row.name)
