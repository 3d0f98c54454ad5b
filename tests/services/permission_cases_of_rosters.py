"""How every use case of rosters is called for one of two communities."""

from contextlib import suppress
from datetime import date, datetime, time

from services import rostering
from services.catalog.actions import Action
from services.export.calendars import export_calendar
from services.export.rosters import export_clear_roster, export_roster
from services.rostering import (
    PastedChain,
    RosterSettings,
    Seating,
    candidates,
    drafts,
    generation,
    proposal,
    roster_view,
    times,
)
from services.rostering.errors import UnknownMemberError
from services.rules.areas import OutsideAreaError
from services.rules.roster.duties import DutyState
from services.rules.roster.free_times import FreeAnswer
from services.rules.roster.pattern import DayHours, Pattern
from services.rules.windows import Mode

LOOK, KEEP, PUBLISH = Action.VIEW_ROSTER, Action.KEEP_ROSTER, Action.PUBLISH_ROSTER
SETTINGS = RosterSettings(Pattern.TWO_HOURS, DayHours(8, 22), ())
HANDED_OVER = datetime(2026, 11, 28, 11)
DAY, E = date(2026, 11, 30), {"event_id": "asked"}


def chain_of(side):
    """Return a chain of a community with somebody nobody knows."""
    return PastedChain("#接龙\n值守\n1. 大螃蟹 A1", DAY, side.community)


def unit_posts(context, world):
    """Return the zones of the posts where people of either unit stand, as somebody is told."""
    zones = set()
    for side in (world.own, world.other):
        with suppress(OutsideAreaError):
            zones |= {each.duty.post_code.partition("-")[2] for each in rostering.read_unit_duties(context, side.unit)}
    return zones


def roster_cases(refused, limited, hidden, Case, Rule):  # noqa: N803 - classes
    """Return the cases, made by the functions of ``permission_cases``."""
    return {
        "rostering.drafts.create_roster": refused(
            KEEP, lambda c, s, w: drafts.create_roster(c, s.area, DAY, 1, Mode.ROUTINE, **E)
        ),
        "rostering.drafts.list_rosters": limited(
            LOOK, lambda c, s, w: drafts.list_rosters(c), lambda found: {f"roster:{each.id}" for each in found}
        ),
        "rostering.drafts.read_roster": refused(LOOK, lambda c, s, w: drafts.read_roster(c, s.roster)),
        "rostering.generation.look_at_shifts": refused(
            KEEP, lambda c, s, w: generation.look_at_shifts(c, s.roster, w.coverage_inputs, SETTINGS)
        ),
        "rostering.generation.generate_shifts": refused(
            KEEP, lambda c, s, w: generation.generate_shifts(c, s.roster, w.coverage_inputs, SETTINGS, **E)
        ),
        "rostering.duties.put_duties": refused(
            KEEP,
            lambda c, s, w: rostering.put_duties(
                c, s.roster, [Seating(s.shift, s.member)], w.coverage_inputs, reason="x", **E
            ),
        ),
        "rostering.duties.take_out": refused(KEEP, lambda c, s, w: rostering.take_out(c, s.roster, [s.duty], **E)),
        "rostering.duties.move_duty": refused(
            KEEP,
            lambda c, s, w: rostering.move_duty(c, s.roster, s.duty, s.shift, w.coverage_inputs, reason="x", **E),
        ),
        "rostering.duties.swap_duties": refused(
            KEEP,
            lambda c, s, w: rostering.swap_duties(
                c, s.roster, (s.duty, s.duty + 1), w.coverage_inputs, reason="x", **E
            ),
        ),
        "rostering.duties.set_duty_state": refused(
            KEEP, lambda c, s, w: rostering.set_duty_state(c, s.roster, [s.duty], DutyState.EXCUSED, **E)
        ),
        "rostering.duties.undo_roster": refused(
            KEEP, lambda c, s, w: rostering.undo_roster(c, s.roster, w.coverage_inputs, **E)
        ),
        "rostering.duties.redo_roster": refused(
            KEEP, lambda c, s, w: rostering.redo_roster(c, s.roster, w.coverage_inputs, **E)
        ),
        "rostering.candidates.find_candidates": refused(
            KEEP, lambda c, s, w: candidates.find_candidates(c, s.roster, s.shift, w.coverage_inputs)
        ),
        "rostering.group_candidates.find_groups": refused(
            KEEP, lambda c, s, w: rostering.find_groups(c, s.roster, s.shift, w.coverage_inputs)
        ),
        "rostering.proposal.propose_duties": refused(
            KEEP, lambda c, s, w: proposal.propose_duties(c, s.roster, w.coverage_inputs, seconds=0)
        ),
        "rostering.proposal.accept_duties": refused(
            KEEP,
            lambda c, s, w: proposal.accept_duties(
                c, proposal.propose_duties(w.office, s.roster, w.coverage_inputs, seconds=0), w.coverage_inputs, **E
            ),
        ),
        "rostering.proposal.find_roster_capacity": refused(
            KEEP, lambda c, s, w: proposal.find_roster_capacity(c, s.roster, w.coverage_inputs, seconds=0)
        ),
        "rostering.times.note_absence": refused(
            KEEP, lambda c, s, w: times.note_absence(c, s.member, datetime(2026, 11, 30), datetime(2026, 12, 1))
        ),
        "rostering.times.note_free_time": refused(
            KEEP,
            lambda c, s, w: times.note_free_time(c, s.homeless, time(8), time(12), FreeAnswer.NO, since=DAY),
        ),
        "export.rosters.export_roster": Case(
            lambda c, s, w: export_roster(c, s.roster, w.coverage_inputs), (LOOK, Action.EXPORT), Rule.REFUSED
        ),
        "export.rosters.export_clear_roster": Case(
            lambda c, s, w: export_clear_roster(c, s.roster, w.coverage_inputs, reason="打印签到"),
            (LOOK, Action.EXPORT, Action.UNMASK),
            Rule.REFUSED,
        ),
        "export.calendars.export_calendar": Case(
            lambda c, s, w: export_calendar(c, s.roster, w.coverage_inputs), (LOOK, Action.EXPORT), Rule.REFUSED
        ),
        "rostering.own_duties.read_member_duties": hidden(
            Action.VIEW_PEOPLE,
            lambda c, s, w: rostering.read_member_duties(c, s.member),
            UnknownMemberError,
            of_a_person=True,
        ),
        "rostering.person_times.read_person_times": hidden(
            Action.VIEW_PEOPLE,
            lambda c, s, w: rostering.read_person_times(c, s.member),
            UnknownMemberError,
            of_a_person=True,
        ),
        "rostering.own_duties.read_unit_duties": limited(
            Action.VIEW_UNIT_DUTIES,
            lambda c, s, w: unit_posts(c, w),
            lambda found: found,
        ),
        "rostering.roster_view.read_board": refused(
            LOOK, lambda c, s, w: roster_view.read_board(c, s.roster, w.coverage_inputs)
        ),
        "rostering.roster_view.read_shifts": refused(LOOK, lambda c, s, w: roster_view.read_shifts(c, s.roster)),
        "rostering.roster_view.mark_roster": refused(LOOK, lambda c, s, w: roster_view.mark_roster(c, s.roster)),
        "rostering.handover.read_handover": limited(
            LOOK,
            lambda c, s, w: rostering.read_handover(c, w.coverage_inputs, HANDED_OVER),
            lambda found: set(found.communities),
        ),
        "rostering.sign_ups.read_chain": refused(
            KEEP, lambda c, s, w: rostering.read_chain(c, s.roster, chain_of(s), w.coverage_inputs)
        ),
        "rostering.sign_ups.read_unsettled_chain": refused(
            KEEP, lambda c, s, w: rostering.read_unsettled_chain(c, s.roster, s.community)
        ),
        "rostering.sign_ups.write_chain": refused(
            KEEP, lambda c, s, w: rostering.write_chain(c, s.roster, chain_of(s), w.coverage_inputs, **E)
        ),
        "rostering.shift_needs.set_shift_needs": refused(
            KEEP, lambda c, s, w: rostering.set_shift_needs(c, s.roster, s.post, {}), may_fail=True
        ),
        "rostering.publishing.publish_roster": refused(
            PUBLISH, lambda c, s, w: rostering.publish_roster(c, s.roster, w.coverage_inputs, **E)
        ),
        "rostering.publishing.close_roster": refused(PUBLISH, lambda c, s, w: rostering.close_roster(c, s.roster, **E)),
    }


PARTS_OF_ROSTERS = frozenset({"rostering.drafts.change_roster_once"})
