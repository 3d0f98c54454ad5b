"""The section 值守: counts of published rosters that agree with the board and the strip."""

from datetime import time, timedelta

import pytest

from geo.schema import Layer
from services import rostering
from services.briefing import BriefingRequest, SectionChoice, SectionName, make_briefing
from services.briefing.inputs import HOURS, gather
from services.briefing.sections.roster import open_words
from services.coverage import load_inputs
from services.rostering import PackageOffer, RosterSettings, Seating
from services.rules.areas import EVERYWHERE, Area
from services.rules.roster.packages import PackagePost
from services.rules.roster.pattern import DayHours, Pattern
from services.rules.roster.slots import count_by_slot
from services.rules.windows import Mode
from services.wording import people_text
from tests.services.briefing.conftest import EVENING, NOW, SECRETS

REQUEST = BriefingRequest(EVENING, Mode.EMERGENCY, sections=(SectionChoice(SectionName.ROSTER),))
SETTINGS = RosterSettings(Pattern.TWO_HOURS, DayHours(8, 24), ())


@pytest.fixture
def roster(office):
    """A draft for today and six days more in which five people stand, two of them as heads of a unit."""
    inputs = load_inputs(office)
    made = rostering.create_roster(office, EVERYWHERE, NOW.date(), 7, Mode.EMERGENCY, event_id="new")
    rostering.generate_shifts(office, made.id, inputs, SETTINGS, event_id="shifts")
    ahead = [shift for shift in rostering.read_shifts(office, made.id) if shift.window.start > NOW and shift.seats]
    people = [Seating(shift.id, f"M00{k}") for k, shift in enumerate(ahead[:3])]
    wide = max(ahead, key=lambda shift: shift.seats)
    people.append(Seating(wide.id, unit_code="U1", heads=2))
    rostering.put_duties(office, made.id, people, inputs, event_id="put", reason="x")
    return made.id


def publish(office, roster):
    rostering.publish_roster(office, roster, load_inputs(office), event_id="publish")


def section(office):
    (told,) = make_briefing(office, REQUEST).sections
    return told


def test_a_draft_is_not_told(office, roster):
    told = section(office)
    assert told.title == "未来 72 小时没有已发布的值守表"
    assert told.table is None


def test_it_agrees_with_the_board_and_the_strip(office, roster):
    publish(office, roster)
    board = rostering.read_board(office, roster, load_inputs(office))
    until = NOW + timedelta(hours=HOURS)
    near = [shift for shift in board.shifts if shift.window.end > NOW and shift.window.start < until]
    seats, open_seats = sum(shift.seats for shift in near), sum(map(board.open_seats, near))
    strip = count_by_slot(near, board.seats_by_shift)
    duties = gather(office, REQUEST).duties
    assert duties.count() == (seats, seats - open_seats)
    assert duties.count() == (sum(each.seats for each in strip), sum(each.filled for each in strip))
    assert duties.to_confirm == 5 == sum(duty.heads for duty in board.duties)
    assert duties.empty == sum(shift.seats > 0 and not board.seats_by_shift.get(shift.id) for shift in near)
    told = section(office)
    assert told.figures[0].value == f"{seats:,}"
    assert told.figures[1].value == f"{open_seats:,}"
    assert told.table.rows[-1][1:3] == (f"{seats:,}", f"{open_seats:,}")


def test_kinds_and_parts_of_the_day_add_up(office, roster):
    publish(office, roster)
    duties = gather(office, REQUEST).duties
    kinds = {kind for kind, _part in duties.seats}
    parts = {part for _kind, part in duties.seats}
    for side in (0, 1):
        assert sum(duties.count(kind)[side] for kind in kinds) == duties.count()[side]
        assert sum(duties.count(part=part)[side] for part in parts) == duties.count()[side]


def test_where_one_or_two_are_there_alone_they_cannot_be_counted(office, roster):
    publish(office, roster)
    told = section(office)
    duties = gather(office, REQUEST).duties
    few = [kind for kind in {kind for kind, _ in duties.seats} if 0 < duties.count(kind)[1] < 3]
    rows = {row[0]: row for row in told.table.rows}
    assert few
    assert sum(row[2].startswith("≥") for row in rows.values()) == len(few)
    words = repr(told)
    assert not any(secret in words for secret in SECRETS)
    assert "M00" not in words


@pytest.fixture
def package(office, roster):
    """A package of a unit at the post with most seats, for the whole days of the roster, accepted."""
    board = rostering.read_board(office, roster, load_inputs(office))
    code = max(board.shifts, key=lambda shift: shift.seats).post_code
    offer = PackageOffer(
        unit_code="U1",
        community_code=board.posts[code].community_code,
        start=NOW.date(),
        days=7,
        posts=(PackagePost(code, time(8), time(0)),),
    )
    number = rostering.offer_package(office, offer, event_id="offer").id
    rostering.accept_package(office, number)
    return number, code


def test_what_units_have_taken_over_agrees_with_the_board(office, roster, package):
    number, code = package
    publish(office, roster)
    board = rostering.read_board(office, roster, load_inputs(office))
    until = NOW + timedelta(hours=HOURS)
    own = [
        each for each in board.shifts if each.post_code == code and each.window.end > NOW and each.window.start < until
    ]
    seats = sum(each.seats for each in own)
    filled = sum(min(board.seats_by_shift.get(each.id, 0), each.seats) for each in own)
    totals = gather(office, REQUEST).duties.packages
    assert (totals.units, totals.seats, totals.filled) == (1, seats, filled)
    assert filled >= 1
    told = section(office).lead
    assert told == f"1 个单位承包 {seats:,} 人次，已落实 {people_text(filled)} 人次"
    rostering.withdraw_package(office, number)
    assert section(office).lead == ""


def test_a_community_is_told_of_its_own_posts(office, roster):
    publish(office, roster)
    whole = gather(office, REQUEST).duties.count()[0]
    own = [
        gather(office.within(Area(Layer.COMMUNITIES, code)), REQUEST).duties.count()[0] for code in ("C1", "C2", "C3")
    ]
    assert sum(own) == whole
    assert all(count < whole for count in own)


def test_a_closed_roster_is_no_longer_told(office, roster):
    publish(office, roster)
    rostering.close_roster(office, roster, event_id="close")
    assert gather(office, REQUEST).duties.seats == {}


@pytest.mark.parametrize(
    ("seats", "filled", "words"), [(3, 3, "0"), (3, 2, "≥1"), (3, 0, "3"), (9, 7, "<3"), (1200, 100, "1,100")]
)
def test_open_seats_are_told_so_that_nobody_can_be_counted(seats, filled, words):
    assert open_words(seats, filled) == words
