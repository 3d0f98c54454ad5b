"""Section 3: who is sent where, what it changes, what stays open and what that would take."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from geo.coverage import Status
from services.briefing.gap_communities import gaps_by_community
from services.briefing.history import Headline
from services.briefing.inputs import MOST_SENDINGS, BriefingInputs, TeamMove, headline_of
from services.briefing.mapping import arcs_of, map_of
from services.briefing.model import Chart, ChartKind, KeyFigure, Section, SectionName, Series, Table, TableColumn, Tone
from services.briefing.team_names import name_team
from services.briefing.words import (
    LONGEST_CELL,
    grids_text,
    join_names,
    share_text,
    shorten,
    since_text,
    teams_text,
    total_people,
)
from services.i18n import text, translate
from services.rules.rounding import persons_text, round_alone, round_table, shown_text
from services.wording import people_text

MOST_BARS: Final = 12
_SIZES: Final = ((0, 5), (5, 10), (10, None))
"""Grids that stay short, by how many people they lack: more than, up to."""


def tell_plan(briefing_inputs: BriefingInputs) -> Section:
    """Return the section."""
    before, after = headline_of(briefing_inputs.grids_without), headline_of(briefing_inputs.grids_with)
    sendings = briefing_inputs.sendings
    return Section(
        SectionName.PLAN,
        title=_title(briefing_inputs, before, after),
        lead=_lead(briefing_inputs, after),
        figures=_figures(briefing_inputs, before, after) if sendings else (),
        table=_table(briefing_inputs, sendings) if sendings else None,
        chart=_chart(briefing_inputs) if sendings else None,
        map=map_of(briefing_inputs, briefing_inputs.tables_with, arcs=arcs_of(briefing_inputs, sendings))
        if sendings
        else None,
    )


def _title(briefing_inputs: BriefingInputs, before: Headline, after: Headline) -> str:
    plan, sendings = briefing_inputs.plan, briefing_inputs.sendings
    if not sendings and plan is None:
        when = since_text(briefing_inputs.window, briefing_inputs.now)
        return translate("{when}: no team is sent and no plan is chosen", when=when)
    if not sendings and plan is not None:
        return translate("Plan {number} holds no moves in this window", number=plan.id)
    who = {
        "teams": teams_text(len({sending.team_code for sending in sendings})),
        "people": _people_sent(sendings),
    }
    if plan is not None and briefing_inputs.is_draft:
        sent = translate("Plan {number} sends {teams} with {people} people", number=plan.id, **who)
    else:
        sent = translate("{teams} with {people} people are sent", **who)
    return translate("{sent}: {change}", sent=sent, change=_change(before, after))


def _people_sent(sendings: Sequence[TeamMove]) -> str:
    return total_people([sending.people for sending in sendings], are_all_listed=len(sendings) <= MOST_SENDINGS)


def _change(before: Headline, after: Headline) -> str:
    if not before.weak and not after.weak:
        return translate("no grid is short of people, before or after")
    if not after.weak:
        return translate("every gap is closed")
    if after.weak == before.weak:
        one = text("1 grid stays short, {missing} people are still missing")
        many = text("{after} grids stay short, {missing} people are still missing")
        if after.weak == 1:
            return translate(one, missing=shown_text(after.missing))
        return translate(many, after=f"{after.weak:,}", missing=shown_text(after.missing))
    return translate(
        "weak grids go from {before} to {after}, {missing} people are still missing",
        before=f"{before.weak:,}",
        after=f"{after.weak:,}",
        missing=shown_text(after.missing),
    )


def _figures(briefing_inputs: BriefingInputs, before: Headline, after: Headline) -> tuple[KeyFigure, ...]:
    sendings = briefing_inputs.sendings
    return (
        KeyFigure(translate("Teams sent"), f"{len({sending.team_code for sending in sendings}):,}"),
        KeyFigure(translate("People sent"), _people_sent(sendings), _arrived(briefing_inputs)),
        _step(translate("Weak grids"), f"{before.weak:,}", f"{after.weak:,}", after.weak - before.weak),
        _step(
            translate("Persons missing"),
            shown_text(before.missing),
            shown_text(after.missing),
            after.missing - before.missing,
        ),
        KeyFigure(
            translate("Need met"),
            share_text(after.met),
            "" if before.met is None else translate("before: {count}", count=share_text(before.met)),
        ),
    )


def _arrived(briefing_inputs: BriefingInputs) -> str:
    """Return how many of the people that orders sent are there; empty where the figures are of a plan."""
    if briefing_inputs.is_draft:
        return ""
    return translate("{n} people reported there", n=people_text(briefing_inputs.order_people.arrived))


def _step(label: str, before: str, after: str, change: float) -> KeyFigure:
    tone = Tone.PLAIN if not change else Tone.GOOD if change < 0 else Tone.BAD
    return KeyFigure(label, after, translate("before: {count}", count=before), tone)


def _table(briefing_inputs: BriefingInputs, sendings: tuple[TeamMove, ...]) -> Table:
    columns = (
        TableColumn(translate("Team")),
        TableColumn(translate("People"), is_number=True),
        TableColumn(translate("From")),
        TableColumn(translate("To")),
        TableColumn(translate("Community")),
    )
    rows = [
        (
            name_team(
                s.team_name,
                s.people,
                s.from_code and briefing_inputs.name_of_grid(s.from_code),
                briefing_inputs.persons,
            ),
            people_text(s.people),
            shorten(briefing_inputs.name_of_grid(s.from_code), LONGEST_CELL) if s.from_code else "—",
            shorten(briefing_inputs.name_of_grid(s.to_code), LONGEST_CELL),
            shorten(briefing_inputs.community_of_grid.get(s.to_code, ""), LONGEST_CELL),
        )
        for s in sendings[:MOST_SENDINGS]
    ]
    return Table(columns, tuple(rows), left_out=len(sendings) - len(rows))


def _chart(briefing_inputs: BriefingInputs) -> Chart | None:
    """Return persons missing by community before and after, the communities that lacked most first."""
    before = {
        gap.name: gap.missing
        for gap in gaps_by_community(briefing_inputs.coverage_inputs, briefing_inputs.grids_without)
        if gap.name
    }
    after = {
        gap.name: gap.missing
        for gap in gaps_by_community(briefing_inputs.coverage_inputs, briefing_inputs.grids_with)
        if gap.name
    }
    names = sorted({*before, *after}, key=lambda name: -max(before.get(name, 0.0), after.get(name, 0.0)))[:MOST_BARS]
    if not names:
        return None
    series = [
        Series(label, tuple(float(round_alone(gaps.get(name, 0.0))) for name in names))
        for label, gaps in ((translate("Before"), before), (translate("After"), after))
    ]
    labels = tuple(shorten(name) for name in names)
    return Chart(ChartKind.BARS, labels, tuple(series), unit=translate("persons missing"))


def _lead(briefing_inputs: BriefingInputs, after: Headline) -> str:
    """Return what stays open and what it would take."""
    if not after.weak:
        return ""
    open_grids = briefing_inputs.grids_with
    open_grids = open_grids[open_grids["status"] == Status.WEAK]
    missing = round_table(open_grids)["gap"]
    said = _open_text(after, missing)
    skills = _skills(briefing_inputs, missing)
    return translate("{sentence} {next}", sentence=said, next=skills) if skills else said


def _open_text(after: Headline, missing: "pd.Series[float]") -> str:
    if after.weak == 1:
        return translate("Still open: 1 grid short of {people} people.", people=shown_text(after.missing))
    return translate(
        "Still open: {grids} short of {people} people; {sizes}.",
        grids=grids_text(after.weak),
        people=shown_text(after.missing),
        sizes=join_names([said for low, high in _SIZES if (said := _size(missing, low, high))]),
    )


def _size(missing: "pd.Series[float]", low: int, high: int | None) -> str:
    count = int(((missing > low) & (missing <= (high or np.inf))).sum())
    if not count:
        return ""
    if high is None:
        return translate("more than {low} people are missing in {grids}", low=low, grids=grids_text(count))
    if not low:
        return translate("up to {high} people are missing in {grids}", high=high, grids=grids_text(count))
    return translate("{low} to {high} people are missing in {grids}", low=low, high=high, grids=grids_text(count))


def _skills(briefing_inputs: BriefingInputs, missing: "pd.Series[float]") -> str:
    """Return how many of the missing people must have which skill, from what the plan asks of grids."""
    asked = briefing_inputs.plan.settings.skills if briefing_inputs.plan else {}
    wanted: dict[str, float] = {}
    for code, count in missing.items():
        for skill in asked.get(str(code), ()):
            wanted[skill] = wanted.get(skill, 0.0) + count
    if not wanted:
        return ""
    most = [
        translate("{skill}: {people} people", skill=shorten(skill), people=persons_text(count))
        for skill, count in sorted(wanted.items(), key=lambda item: (-item[1], item[0]))[:4]
    ]
    return translate("By skill, {list}.", list=join_names(most))
