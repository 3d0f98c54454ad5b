"""What ``gridmuster plan`` prints: a plan, a proposal, a comparison, and what stands in the way."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

import numpy as np
from rich.console import Console
from rich.table import Table

from geo.optimise import StopReason
from services.cli.shell import complain, console, say
from services.i18n import Text, text, translate
from services.planning import (
    BeforeAfter,
    CommitResult,
    JointProposal,
    Move,
    Plan,
    PlanChange,
    PlanFigures,
    PlanningSnapshot,
    PlanProposal,
    PlanState,
    figures_of,
    find_stale_moves,
)
from services.rules.rounding import percent_met, persons_text, round_gap, shown_text
from services.rules.windows import MODE_NAMES
from services.wording import full_window, number, short_time

STATE_NAMES: Final = {
    PlanState.DRAFT: text("Draft"),
    PlanState.COMMITTED: text("Sent out"),
    PlanState.DISCARDED: text("Discarded"),
}
_ENDINGS: Final = {
    StopReason.PROVEN: text("No plan is better at these prices."),
    StopReason.TIME_LIMIT: text("The time ran out; at best the weighted gap could come down to {bound}."),
    StopReason.CANCELLED: text("Stopped; at best the weighted gap could come down to {bound}."),
    StopReason.NOTHING_TO_DO: text("No team can close a gap in this window."),
}
_MOST_LINES: Final = 20
_WIDE: Final = 240


def show_plan(snapshot: PlanningSnapshot, plan: Plan) -> None:
    """Print a plan: what it is, its moves, and the totals before and after."""
    say(
        "Plan {number} “{name}” ({state}): {window}, {mode}",
        number=plan.id,
        name=plan.name,
        state=translate(STATE_NAMES[plan.state]),
        window=full_window(plan.window),
        mode=translate(MODE_NAMES[plan.mode]),
    )
    table = make_table(text("Team"), text("People"), text("Sent from"), text("Where"), text("Walk (min)"), text("Why"))
    for move in plan.moves:
        minutes = snapshot.minutes(*move.key)
        team = snapshot.teams.get(move.team_code)
        table.add_row(
            team.name if team else move.team_code,
            str(move.people),
            snapshot.name(move.home_code),
            snapshot.name(move.grid_code),
            "" if minutes is None else f"{minutes:.0f}",
            translate(move.why) if move.why else move.reason,
        )
    print_table(table)
    if plan.state is PlanState.DRAFT:
        _tell_figures(snapshot, figures_of(snapshot, plan))


def tell_proposal(snapshot: PlanningSnapshot, proposal: PlanProposal) -> None:
    """Print what stays open and how good the proposal is."""
    for line in proposal.open[:_MOST_LINES]:
        say(
            "Still short: {grid}, {count} people ({why})",
            grid=line.grid_name,
            count=shown_text(round_gap(float(snapshot.grids["need"].get(line.grid_code, line.missing)), line.missing)),
            why=translate(line.reason),
        )
    if len(proposal.open) > _MOST_LINES:
        say("… and {count} more grids", count=len(proposal.open) - _MOST_LINES)
    ending = _ENDINGS[proposal.ended]
    say(ending, **({"bound": persons_text(proposal.cost.bound)} if "{bound}" in ending.id else {}))


def tell_windows(joint: JointProposal) -> None:
    """Print what a proposal for several windows does in all of them together, and how good it is."""
    table = make_table(text("Window"), text("Teams"), text("People"), text("Person-hours missing"))
    for answer in joint.answers:
        moves = answer.proposal.moves
        missing = f"{number(answer.missing_before)} → {number(answer.missing)}"
        teams, people = len({move.team_code for move in moves}), sum(move.people for move in moves)
        table.add_row(full_window(answer.window), str(teams), str(people), missing)
    print_table(table)
    served = Counter(f"{hours:g}" for hours in joint.hours.values())
    for hours, teams in sorted(served.items(), key=lambda each: -float(each[0])):
        say("{teams} teams serve {hours} hours at most", teams=teams, hours=hours)
    ending = _ENDINGS[joint.ended]
    say(ending, **({"bound": persons_text(joint.cost.bound)} if "{bound}" in ending.id else {}))


def tell_changes(changes: Iterable[PlanChange]) -> None:
    """Print what changed underneath a plan, on the error stream."""
    for change in changes:
        complain(change.text)


def show_stale_moves(snapshot: PlanningSnapshot, plan: Plan) -> None:
    """Print what the grids and teams of a draft were when its moves were made, and what they are now."""
    shifts = find_stale_moves(snapshot, plan)
    if not shifts:
        return
    say("Changed since the moves were made (persons, without this plan):")
    table = make_table(
        text("Grid or team"), text("What changed"), text("Need"), text("Supply"), text("Gap"), text("Moves")
    )
    for shift in shifts:
        figures = (_span(span) for span in (shift.need, shift.supply, shift.gap))
        moves = "、".join(_move_words(snapshot, move) for move in shift.moves)
        table.add_row(shift.name, "、".join(translate(words) for words in shift.texts), *figures, moves)
    print_table(table)


def tell_refusal(answer: CommitResult) -> None:
    """Print why a plan was not sent, and what to do."""
    tell_changes(answer.obstacles)
    if answer.obstacles:
        complain("Nothing was sent. Take these moves out, or send the others with --rest.")
    if answer.outdated:
        complain("The data changed since this plan was made. Look at it with “plan show”, then send it with --seen.")


def compare_plans(one: tuple[PlanningSnapshot, Plan], other: tuple[PlanningSnapshot, Plan]) -> None:
    """Print two plans side by side."""
    boards, figures = (one[0], other[0]), [figures_of(*one), figures_of(*other)]
    table = make_table(Text(""), Text(f"A {one[1].name}"), Text(f"B {other[1].name}"))
    rows: list[tuple[Text, list[str]]] = [
        (
            text("People missing"),
            [_missing(snapshot, f.after.unmet) for snapshot, f in zip(boards, figures, strict=True)],
        ),
        (text("Weak grids"), [str(f.after.weak) for f in figures]),
        (text("Moves"), [str(f.after.moves) for f in figures]),
        (text("People"), [str(f.people) for f in figures]),
        (text("Walking, person-minutes"), [f"{f.after.travel:.0f}" for f in figures]),
        (text("Worst grid"), [_worst(f) for f in figures]),
    ]
    for label, cells in rows:
        table.add_row(translate(label), *cells)
    hours = [dict(zip(f.by_hour["start"], f.by_hour["after"], strict=True)) for f in figures]
    for start in sorted({**hours[0], **hours[1]}):
        cells = [persons_text(missing[start]) if start in missing else "" for missing in hours]
        table.add_row(translate("Missing at {time}", time=short_time(start)), *cells)
    print_table(table)


def make_table(*headers: Text) -> Table:
    """Return an empty table with translated headers."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for header in headers:
        table.add_column(translate(header), overflow="fold")
    return table


def print_table(table: Table) -> None:
    """Print a table as wide as the terminal; wide enough for its lines where the output goes elsewhere."""
    if not table.row_count:
        say("There is nothing to list.")
        return
    target = console if console.is_terminal else Console(width=_WIDE, highlight=False)
    target.print(table)


def _missing(snapshot: PlanningSnapshot, unmet: float) -> str:
    return shown_text(round_gap(float(snapshot.grids["need"].sum()), unmet))


def _tell_figures(snapshot: PlanningSnapshot, figures: PlanFigures) -> None:
    say(
        "People missing {before} → {after}, weak grids {weak_before} → {weak}; "
        "{people} people sent, {travel} person-minutes on foot",
        before=_missing(snapshot, figures.before.unmet),
        after=_missing(snapshot, figures.after.unmet),
        weak_before=figures.before.weak,
        weak=figures.after.weak,
        people=figures.people,
        travel=round(figures.after.travel),
    )


def _span(span: BeforeAfter | None) -> str:
    if span is None:
        return "–"
    before, after = ("–" if one is None else f"{one:.1f}" for one in (span.before, span.after))
    return f"{before} → {after}" if span.differs else after


def _move_words(snapshot: PlanningSnapshot, move: Move) -> str:
    team = snapshot.teams.get(move.team_code)
    return f"{team.name if team else move.team_code} → {snapshot.name(move.grid_code)}"


def _worst(figures: PlanFigures) -> str:
    ratio = figures.after.worst_ratio
    return "" if np.isnan(ratio) else f"{figures.worst_name} {percent_met(ratio)}%"
