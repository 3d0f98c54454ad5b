"""Section 2: the ten mixed estates that are shortest of people, each with its reasons."""

from typing import Final

import pandas as pd

from geo.schema import Layer
from services.briefing.gap_communities import most_text
from services.briefing.inputs import BriefingInputs
from services.briefing.mapping import map_of, marks_of
from services.briefing.model import Section, SectionName, Table, TableColumn
from services.briefing.sections.situation import nothing_known
from services.briefing.words import LONGEST_CELL, estates_text, grids_text, shorten, since_text
from services.coverage import reason_text
from services.i18n import text, translate
from services.rules.rounding import balance_of, round_table, shown_text, sum_balance

MOST_ROWS: Final = 10


def tell_weakest(material: BriefingInputs) -> Section:
    """Return the section."""
    ranking = weakest_of(material)
    table = _table(material, ranking) if len(ranking) else None
    return Section(
        SectionName.WEAKEST,
        title=_title(material, ranking),
        lead=_lead(material, ranking),
        table=table,
        map=map_of(material, marks=marks_of(material, material.ranking)) if len(ranking) else None,
    )


def weakest_of(material: BriefingInputs) -> pd.DataFrame:
    """Return the under-served mixed estates, the worst first; the grids where no estates are stored."""
    ranking = material.ranking
    if material.tables[Layer.ESTATES].empty:
        return ranking
    return ranking[ranking["mixed"].to_numpy(dtype=bool)]


def _title(material: BriefingInputs, ranking: pd.DataFrame) -> str:
    when, are_grids = since_text(material.window, material.now), material.tables[Layer.ESTATES].empty
    if nothing := nothing_known(material):
        return nothing
    if ranking.empty and are_grids:
        return translate("{when}: no grid is short of people", when=when)
    if ranking.empty:
        return _title_of_none(when, len(material.ranking))
    missing = round_table(ranking)["gap"].tolist()
    most = [name for name, gap in zip(_names(ranking), missing, strict=True) if gap == max(missing)]
    zones = grids_text(len(ranking)) if are_grids else estates_text(len(ranking))
    if len(ranking) == 1:
        one = text("{when}: {zones} short of {people} people, {name}")
        return translate(one, when=when, zones=zones, people=shown_text(missing[0]), name=most[0])
    total = shown_text(sum_balance(ranking).gap)
    said = translate("{when}: {zones} short of {people} people", when=when, zones=zones, people=total)
    return translate("{sentence}, {next}", sentence=said, next=most_text(most, len(ranking), shown_text(max(missing))))


def _title_of_none(when: str, others: int) -> str:
    """Return the conclusion where no mixed estate is short of people; others may be, or not known to be mixed."""
    if not others:
        return translate("{when}: no mixed estate is short of people", when=when)
    said = text("{when}: no mixed estate is short of people, but {count} other estates are")
    return translate(said, when=when, count=f"{others:,}")


def _lead(material: BriefingInputs, ranking: pd.DataFrame) -> str:
    if nothing_known(material) or ranking.empty:
        return ""
    if material.tables[Layer.ESTATES].empty:
        return translate("No estates are stored; these are grids.")
    return translate(
        "Each estate counts its own members alone, not teams sent to its grid or neighbours: the sum can exceed the "
        "gap of the grids."
    )


def _names(ranking: pd.DataFrame) -> list[str]:
    return [shorten(str(name or code)) for code, name in ranking["name"].items()]


def _table(material: BriefingInputs, ranking: pd.DataFrame) -> Table:
    columns = (
        TableColumn(translate("Rank"), is_number=True),
        TableColumn(translate("Grid") if material.tables[Layer.ESTATES].empty else translate("Estate")),
        TableColumn(translate("Community")),
        TableColumn(translate("Need"), is_number=True),
        TableColumn(translate("Met"), is_number=True),
        TableColumn(translate("Missing"), is_number=True),
        TableColumn(translate("Why")),
    )
    first = ranking.head(MOST_ROWS)
    balances = [balance_of(row) for _code, row in first.iterrows()]
    rows = [
        (
            str(k),
            shorten(str(row["name"] or code), LONGEST_CELL),
            shorten(_community(material, str(code), row), LONGEST_CELL),
            *(shown_text(figure) for figure in (balance.need, balance.met, balance.gap)),
            _causes(material, row),
        )
        for k, ((code, row), balance) in enumerate(zip(first.iterrows(), balances, strict=True), start=1)
    ]
    return Table(columns, tuple(rows), left_out=len(ranking) - len(first))


def _community(material: BriefingInputs, code: str, row: pd.Series) -> str:
    grid = code if material.tables[Layer.ESTATES].empty else str(row["parent_code"])
    return material.community_of_grid.get(grid, "")


def _causes(material: BriefingInputs, row: pd.Series) -> str:
    """Return the reasons without the number missing, which has a column of its own."""
    return reason_text(row, material.basis.norms).partition(" · ")[2]
