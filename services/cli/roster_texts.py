"""What ``gridmuster roster`` prints: what is asked for, what a proposal comes to, a roster, a shift."""

import math

from services import rostering
from services.cli.shell import say
from services.i18n import translate
from services.rostering import DutyProposal, Handover, RosterBoard
from services.rostering.handover_texts import period_text
from services.rules.roster.duties import DUTY_STATE_NAMES, Shift
from services.rules.windows import MODE_NAMES
from services.wording import full_window, short_window
from services.wording import number as digits


def tell_capacity(capacity: rostering.RosterCapacity) -> None:
    """Print what is asked for against what people give at most."""
    say(
        "Asked for: {seats} person-shifts. {people} people × {week} a week = {most}: {share}% can be filled at most",
        seats=digits(capacity.seats),
        people=digits(capacity.people),
        week=capacity.week_duties,
        most=digits(capacity.most),
        share=capacity.percent,
    )


def tell_proposal(proposal: DutyProposal) -> None:
    """Print what a proposal comes to, and why seats stay open."""
    say(
        "{filled} of {seats} seats would be taken ({proof}; {seconds} s), {away} of them by people of other"
        " communities",
        filled=digits(proposal.filled),
        seats=digits(proposal.seats),
        proof=proof_words(proposal),
        seconds=f"{proposal.seconds:.1f}",
        away=digits(proposal.away),
    )
    if not math.isnan(proposal.minutes):
        say("Who is put in walks {minutes} minutes on average", minutes=f"{proposal.minutes:.0f}")
    loads = "，".join(
        translate("{n} duties: {people} people", n=n, people=people) for n, people in proposal.loads.items()
    )
    say("How many people have how many duties: {loads}", loads=loads)
    for why, missing in proposal.reasons.items():
        say("Stay open: {count} – {why}", count=missing, why=translate(rostering.OPEN_REASONS[why]))
    if proposal.left_out:
        say("{count} duties are left out: their people serve elsewhere around then", count=proposal.left_out)


def proof_words(proposal: DutyProposal) -> str:
    """Return how good a proposal is known to be."""
    if proposal.is_proven:
        return translate("nothing better is possible")
    return translate("at most {percent}% from the best", percent=f"{100 * proposal.gap:.2f}")


def tell_figures(board: RosterBoard) -> None:
    """Print what a roster is and how far it is filled."""
    roster, figures = board.roster, board.figures
    say(
        "Roster {number} “{name}” ({state}): {period}, {mode}",
        number=roster.id,
        name=roster.name,
        state=translate(rostering.ROSTER_STATE_NAMES[roster.state]),
        period=full_window(roster.period),
        mode=translate(MODE_NAMES[roster.mode]),
    )
    say(
        "Seats {filled}/{seats}, open {open} (by night {night}), to confirm {waiting}, reserve {reserves}, shifts "
        "without anybody {empty}",
        filled=digits(figures.filled),
        seats=digits(figures.seats),
        open=digits(figures.open),
        night=digits(figures.open_by_night),
        waiting=digits(figures.to_confirm),
        reserves=figures.reserves,
        empty=digits(figures.empty),
    )
    if board.left_out:
        say("{count} shifts at posts no longer in use are left out", count=board.left_out)


def shift_row(board: RosterBoard, shift: Shift) -> tuple[str, ...]:
    """Return the cells of a shift: number, time, post, people, open seats, who."""
    people = [
        f"#{duty.id} {board.who(duty)}" + ("" if duty.fills else f"（{translate(DUTY_STATE_NAMES[duty.state])}）")
        for duty in board.by_shift.get(shift.id, ())
    ]
    post = board.posts.get(shift.post_code)
    filled = f"{board.seats_by_shift.get(shift.id, 0)}/{shift.seats}"
    name = post.name if post else shift.post_code
    return str(shift.id), short_window(shift.window), name, filled, str(board.open_seats(shift)), "、".join(people)


def tell_handover(handover: Handover) -> None:
    """Print of when a handover tells and what all its posts come to."""
    figures = handover.figures
    say("Handover {period}", period=period_text(handover))
    if not handover.rosters:
        say("No roster is published for this time.")
        return
    say(
        "Posts without anybody: {now} now, {soon} more within 2 hours. On duty {people}/{seats}, open {open}; within 2"
        " hours {leaving} leave and {coming} come, {later} seats of the next shifts are open",
        now=digits(figures.unmanned),
        soon=digits(figures.unmanned_soon),
        people=digits(figures.people),
        seats=digits(figures.seats),
        open=digits(figures.open),
        leaving=digits(figures.departures),
        coming=digits(figures.arrivals),
        later=digits(figures.open_soon),
    )
