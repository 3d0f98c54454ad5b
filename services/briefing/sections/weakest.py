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


def tell_weakest(briefing_inputs: BriefingInputs) -> Section:
    """Return the section."""
    ranking = weakest_of(briefing_inputs)
    table = _table(briefing_inputs, ranking) if len(ranking) else None
    return Section(
        SectionName.WEAKEST,
        title=_title(briefing_inputs, ranking),
        lead=_lead(briefing_inputs, ranking),
        table=table,
        map=map_of(briefing_inputs, marks=marks_of(briefing_inputs, briefing_inputs.ranking)) if len(ranking) else None,
    )


def weakest_of(briefing_inputs: BriefingInputs) -> pd.DataFrame:
    """Return the under-served mixed estates, the worst first; the grids where no estates are stored."""
    ranking = briefing_inputs.ranking
    if briefing_inputs.tables[Layer.ESTATES].empty:
        return ranking
    return ranking[ranking["mixed"].to_numpy(dtype=bool)]


def _title(briefing_inputs: BriefingInputs, ranking: pd.DataFrame) -> str:
    when, are_grids = (
        since_text(briefing_inputs.window, briefing_inputs.now),
        briefing_inputs.tables[Layer.ESTATES].empty,
    )
    if nothing := nothing_known(briefing_inputs):
        return nothing
    if ranking.empty and are_grids:
        return translate("{when}: no grid is short of people", when=when)
    if ranking.empty:
        return _title_of_none(when, len(briefing_inputs.ranking))
    missing = round_table(ranking)["gap"].tolist()
    worst = max(missing)
    most = [name for name, gap in zip(_names(ranking), missing, strict=True) if gap == worst]
    zones = grids_text(len(ranking)) if are_grids else estates_text(len(ranking))
    if len(ranking) == 1:
        one = text("{when}: {zones} short of {people} people, {name}")
        return translate(one, when=when, zones=zones, people=shown_text(missing[0]), name=most[0])
    total = shown_text(sum_balance(ranking).gap)
    said = translate("{when}: {zones} short of {people} people", when=when, zones=zones, people=total)
    return translate("{sentence}, {next}", sentence=said, next=most_text(most, len(ranking), shown_text(worst)))


def _title_of_none(when: str, others: int) -> str:
    """Return the conclusion where no mixed estate is short of people; others may be, or not known to be mixed."""
    if not others:
        return translate("{when}: no mixed estate is short of people", when=when)
    said = text("{when}: no mixed estate is short of people, but {count} other estates are")
    return translate(said, when=when, count=f"{others:,}")


def _lead(briefing_inputs: BriefingInputs, ranking: pd.DataFrame) -> str:
    if nothing_known(briefing_inputs) or ranking.empty:
        return ""
    if briefing_inputs.tables[Layer.ESTATES].empty:
        return translate("No estates are stored; these are grids.")
    return translate(
        "Each estate counts its own members and the people sent to it, not those sent to its grid or neighbours: the "
        "sum can exceed the gap of the grids."
    )


def _names(ranking: pd.DataFrame) -> list[str]:
    return [shorten(str(name or code)) for code, name in ranking["name"].items()]


def _table(briefing_inputs: BriefingInputs, ranking: pd.DataFrame) -> Table:
    columns = (
        TableColumn(translate("Rank"), is_number=True),
        TableColumn(translate("Grid") if briefing_inputs.tables[Layer.ESTATES].empty else translate("Estate")),
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
            shorten(_community(briefing_inputs, str(code), row), LONGEST_CELL),
            *(shown_text(figure) for figure in (balance.need, balance.met, balance.gap)),
            _causes(briefing_inputs, row),
        )
        for k, ((code, row), balance) in enumerate(zip(first.iterrows(), balances, strict=True), start=1)
    ]
    return Table(columns, tuple(rows), left_out=len(ranking) - len(first))


def _community(briefing_inputs: BriefingInputs, code: str, row: pd.Series) -> str:
    grid = code if briefing_inputs.tables[Layer.ESTATES].empty else str(row["parent_code"])
    return briefing_inputs.community_of_grid.get(grid, "")


def _causes(briefing_inputs: BriefingInputs, row: pd.Series) -> str:
    """Return the reasons without the number missing, which has a column of its own."""
    return reason_text(row, briefing_inputs.coverage_inputs.norms).partition(" · ")[2]
