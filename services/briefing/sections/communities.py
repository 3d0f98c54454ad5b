"""Section 6: need, people and teams by community, and who could lend people."""

from typing import Final

import pandas as pd

from geo.coverage import LEAST_SPARE, Status
from geo.schema import Layer
from services.briefing.gap_communities import most_text, places_text
from services.briefing.inputs import BriefingInputs
from services.briefing.model import Chart, ChartKind, Section, SectionName, Series, Table, TableColumn
from services.briefing.words import LONGEST_CELL, share_text, shorten, since_text
from services.coverage import by_gap
from services.i18n import text, translate
from services.rules.rounding import balance_of, round_table, shown_text, sum_balance

MOST_ROWS: Final = 12
_LENDERS: Final = 3
"""Communities that are named for what they could lend."""


def tell_communities(briefing_inputs: BriefingInputs) -> Section:
    """Return the section."""
    table = briefing_inputs.tables[Layer.COMMUNITIES]
    if table.empty:
        return Section(SectionName.COMMUNITIES, translate("No communities are stored"))
    ordered = by_gap(briefing_inputs.coverage_inputs, table, Layer.COMMUNITIES)
    first = ordered.head(MOST_ROWS)
    return Section(
        SectionName.COMMUNITIES,
        title=_title(briefing_inputs, ordered),
        lead=_lead(ordered),
        table=_table(briefing_inputs, first, left_out=len(ordered) - len(first)),
        chart=_chart(first) if first["need"].sum() > 0 else None,
    )


def _title(briefing_inputs: BriefingInputs, ordered: pd.DataFrame) -> str:
    when, count = since_text(briefing_inputs.window, briefing_inputs.now), len(ordered)
    short = ordered[ordered["status"] == Status.WEAK]
    if count == 1:
        return _title_of_one(briefing_inputs, ordered.iloc[0])
    if (ordered["status"] == Status.NO_DATA).all():
        return translate("Nothing is known of need in any of {count} communities", count=count)
    if not ordered["need"].sum() > 0:
        return translate("{when}: nobody is needed in any of {count} communities", when=when, count=count)
    if short.empty:
        return translate("{when}: no grid of any of {count} communities is short of people", when=when, count=count)
    if len(short) == 1:
        return _only_text(when, short.iloc[0], count)
    many = text("{when}: {short} of {count} communities have weak grids")
    every = text("{when}: all {count} communities have weak grids")
    said = translate(every, when=when, count=count)
    if len(short) < count:
        said = translate(many, when=when, short=len(short), count=count)
    return translate("{sentence}, {next}", sentence=said, next=_worst_text(short))


def _title_of_one(briefing_inputs: BriefingInputs, only: pd.Series) -> str:
    """Return the conclusion on the only community there is."""
    when, name = since_text(briefing_inputs.window, briefing_inputs.now), shorten(_name(only))
    if only["status"] == Status.NO_DATA:
        return translate("Nothing is known of need in {name}", name=name)
    if not only["need"] > 0:
        return translate("{when}: nobody is needed in {name}", when=when, name=name)
    if only["status"] != Status.WEAK:
        return translate("{when}: no grid of {name} is short of people", when=when, name=name)
    missing = shown_text(balance_of(only).gap)
    return translate("{when}: {name} is short of {people} people", when=when, name=name, people=missing)


def _only_text(when: str, only: pd.Series, count: int) -> str:
    """Return which community alone has weak grids, of how many."""
    said = translate(
        "{when}: only {name} of {count} communities has weak grids", when=when, name=shorten(_name(only)), count=count
    )
    missing = translate("{people} people are missing", people=shown_text(balance_of(only).gap))
    return translate("{sentence}, {next}", sentence=said, next=missing)


def _worst_text(short: pd.DataFrame) -> str:
    """Return which community lacks most."""
    missing = round_table(short)["gap"]
    names = [shorten(_name(row)) for _code, row in short[missing == missing.max()].iterrows()]
    return most_text(names, len(short), shown_text(missing.max()))


def _lead(ordered: pd.DataFrame) -> str:
    spare = ordered["surplus"].fillna(0.0)
    lenders = spare[spare >= LEAST_SPARE].sort_values(ascending=False, kind="stable")
    if lenders.empty:
        return translate("No community has people to lend.")
    named = [_name(ordered.loc[code]) for code in lenders.index[:_LENDERS]]
    count = shown_text(sum_balance(ordered).surplus)
    if len(lenders) == 1:
        return translate(
            "{people} people could be lent, all of them by {place}.", people=count, place=shorten(named[0])
        )
    return translate(
        "{people} people could be lent, most of them by {places}.", people=count, places=places_text(named)
    )


def _table(briefing_inputs: BriefingInputs, first: pd.DataFrame, *, left_out: int) -> Table:
    columns = (
        TableColumn(translate("Community")),
        TableColumn(translate("Need"), is_number=True),
        TableColumn(translate("Met"), is_number=True),
        TableColumn(translate("Missing"), is_number=True),
        TableColumn(translate("Need met"), is_number=True),
        TableColumn(translate("Teams"), is_number=True),
        TableColumn(translate("Could lend"), is_number=True),
    )
    teams = _teams(briefing_inputs)
    rows = [_row(str(code), row, teams.get(str(code), 0)) for code, row in first.iterrows()]
    return Table(columns, tuple(rows), left_out=left_out)


def _row(code: str, row: pd.Series, teams: int) -> tuple[str, ...]:
    name = shorten(str(row["name"] or code), LONGEST_CELL)
    if row["status"] == Status.NO_DATA:
        return name, "—", "—", "—", "—", str(teams), "—"
    balance = balance_of(row)
    return (
        name,
        *(shown_text(figure) for figure in (balance.need, balance.met, balance.gap)),
        share_text(row["share_met"]),
        str(teams),
        shown_text(balance.surplus),
    )


def _chart(first: pd.DataFrame) -> Chart:
    known = first[first["need"].notna()]
    labels = tuple(shorten(_name(row)) for _code, row in known.iterrows())
    shown = round_table(known)
    series = (
        Series(label, tuple(shown[name].tolist()))
        for label, name in ((translate("Need"), "need"), (translate("Met"), "met"))
    )
    return Chart(ChartKind.BARS, labels, tuple(series), unit=translate("persons"))


def _teams(briefing_inputs: BriefingInputs) -> dict[str, int]:
    """Return how many teams have their home in each community, by its code."""
    community = briefing_inputs.grids["parent_code"].dropna().to_dict()
    homes = pd.Series([community.get(home) for home in briefing_inputs.team_homes.values()], dtype=object)
    return {str(code): int(count) for code, count in homes.value_counts().items()}


def _name(row: pd.Series) -> str:
    return str(row["name"] or row.name)
