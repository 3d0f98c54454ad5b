"""Section 1: how many grids are short of how many people, where, and what changed since the last briefing."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

import pandas as pd

from geo.coverage import Status
from services.briefing.gap_communities import gap_text
from services.briefing.history import PreviousFigures
from services.briefing.inputs import BriefingInputs
from services.briefing.mapping import map_of, marks_of
from services.briefing.model import KeyFigure, Section, SectionName, Tone
from services.briefing.words import grids_text, share_text, since_text
from services.coverage import Comparison, ComparisonKind, compared_text, same_hours_text
from services.i18n import Text, text, translate
from services.rules.rounding import percent_met, shown_text
from services.rules.windows import MODE_NAMES
from services.wording import full_time, spoken_window


def tell_situation(briefing_inputs: BriefingInputs) -> Section:
    """Return the section."""
    return Section(
        SectionName.SITUATION,
        title=situation_title(briefing_inputs),
        lead=_lead(briefing_inputs),
        figures=_figures(briefing_inputs) if len(briefing_inputs.grids) else (),
        map=map_of(briefing_inputs, marks=marks_of(briefing_inputs, briefing_inputs.ranking)),
    )


def situation_title(briefing_inputs: BriefingInputs) -> str:
    """Return the conclusion: who is short of how many people, where."""
    grids, head = briefing_inputs.grids, briefing_inputs.headline
    when = since_text(briefing_inputs.window, briefing_inputs.now)
    if nothing := nothing_known(briefing_inputs):
        return nothing
    if head.met is None:
        return translate("{when}: nobody is needed in any grid", when=when)
    if not head.weak:
        spare = shown_text(head.spare)
        return translate("{when}: no grid is short of people, {spare} to spare", when=when, spare=spare)
    return translate(
        "{when}: {grids} short of {people} people{where}",
        when=when,
        grids=grids_text(head.weak),
        people=shown_text(head.missing),
        where=gap_text(briefing_inputs.coverage_inputs, grids, head.missing),
    )


def nothing_known(briefing_inputs: BriefingInputs) -> str:
    """Return why nothing can be said of need and people; empty where something can."""
    if briefing_inputs.grids.empty:
        return translate("No grids are stored yet: nothing can be said of need and people")
    if (briefing_inputs.grids["status"] == Status.NO_DATA).all():
        return translate("Neither residents nor estates of any grid are stored: nothing can be said of need and people")
    return ""


def _lead(briefing_inputs: BriefingInputs) -> str:
    said = [] if briefing_inputs.earlier is None else [_compared_with(briefing_inputs, briefing_inputs.earlier)]
    unknown = int((briefing_inputs.grids["status"] == Status.NO_DATA).sum())
    if 0 < unknown < len(briefing_inputs.grids):
        said.append(translate("Not counted, for lack of data: {grids}.", grids=grids_text(unknown)))
    return translate("{sentence} {next}", sentence=said[0], next=said[1]) if len(said) == 2 else "".join(said)


def _compared_with(briefing_inputs: BriefingInputs, earlier: PreviousFigures) -> str:
    """Return with what the figures are compared; hours and mode where they are others."""
    if earlier.number is None:
        hours, window = same_hours_text(earlier.window, briefing_inputs.now), spoken_window(earlier.window)
        return translate("Compared with {hours} ({window}), with people and grids of now.", hours=hours, window=window)
    about = spoken_window(earlier.window)
    if earlier.window == briefing_inputs.window and earlier.made_at is not None:
        about = translate("{window}, frozen {at}", window=about, at=full_time(earlier.made_at))
    if earlier.mode is not briefing_inputs.mode or earlier.window.start.time() != briefing_inputs.window.start.time():
        about = f"{about} · {translate(MODE_NAMES[earlier.mode])}"
    return translate("Compared with briefing number {number} ({about}).", number=earlier.number, about=about)


def _figures(briefing_inputs: BriefingInputs) -> tuple[KeyFigure, ...]:
    now, earlier = briefing_inputs.headline, briefing_inputs.earlier
    was = asdict(earlier.headline) if earlier else {"met": None}

    def figure(label: Text, name: str, said: Callable[[float], str], rising: Tone) -> KeyFigure:
        value, before = getattr(now, name), was.get(name)
        note = _note(value, before, earlier, briefing_inputs.now)
        return KeyFigure(translate(label), said(value), note, _tone(value, before, rising=rising))

    shares = (None if share is None else percent_met(share) for share in (now.met, was["met"]))
    met = _tone(*shares, rising=Tone.GOOD)
    return (
        KeyFigure(translate("Need met"), share_text(now.met), _met_note(briefing_inputs), met),
        figure(text("Weak grids"), "weak", "{:,}".format, Tone.BAD),
        figure(text("Persons missing"), "missing", shown_text, Tone.BAD),
        figure(text("Persons to spare"), "spare", shown_text, Tone.GOOD),
    )


def _met_note(briefing_inputs: BriefingInputs) -> str:
    head, earlier = briefing_inputs.headline, briefing_inputs.earlier
    if earlier is None or head.met is None or earlier.headline.met is None:
        return ""
    change = percent_met(head.met) - percent_met(earlier.headline.met)
    return _changed(translate("{change} points", change=f"{change:+d}") if change else "", earlier, briefing_inputs.now)


def _note(value: float, was: float | None, earlier: PreviousFigures | None, now: datetime) -> str:
    """Return how a figure changed: what is shown now less what was shown."""
    if earlier is None or was is None:
        return ""
    change = round(value - was, 1)
    sign = "+" if change > 0 else "-"
    return _changed(f"{sign}{shown_text(abs(change))}" if change else "", earlier, now)


def _changed(change: str, earlier: PreviousFigures, now: datetime) -> str:
    """Return a change with what it is a change from; the empty change is none."""
    if earlier.number is None:
        return compared_text(change, Comparison(ComparisonKind.DAY, earlier.window), now)
    if not change:
        return translate("as in number {number}", number=earlier.number)
    return translate("{change} on number {number}", change=change, number=earlier.number)


def _tone(value: float | None, was: float | None, *, rising: Tone) -> Tone:
    if value is None or was is None or pd.isna(value) or value == was:
        return Tone.PLAIN
    falling = Tone.BAD if rising is Tone.GOOD else Tone.GOOD
    return rising if value > was else falling
