"""Chains taken into a roster: looked at, written as one step, and what is kept of them."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from itertools import count, permutations

import pytest

from geo.schema import Layer
from services import rostering
from services.catalog.actions import Action
from services.i18n import translate
from services.people import Periods, clean_up
from services.people.erase import erase_person
from services.people.export import export_person
from services.rostering import DutyRefusedError, PastedChain, RosterSettings, RosterState, Seating
from services.rostering.errors import ChainCommunityError, ChainOutdatedError, RosterClosedError
from services.rostering.shift_codes import open_shifts
from services.rules.roster.duties import DutyState
from services.rules.roster.pattern import DayHours, Pattern
from services.rules.roster.sign_up.lines import ChainError
from services.rules.roster.sign_up.sign_ups import EntryDecision, State
from tests.acting import act
from tests.services.planning.conftest import frame

NAMES = {"M000": "张伟", "M001": "张伟", "M002": "李娜", "M003": "王芳", "M004": "赵敏", "M005": "欧阳娜娜"}
PHONE = "13812345678"
SATURDAY = date(2026, 12, 5)
TITLE = "#接龙\n12月5日（周六）值守，自愿报名\n例：1. 张三 8-10\n\n"


@pytest.fixture(autouse=True)
def people(office):
    """Six of the members have names as people have; one has a telephone."""
    rows = {code: {"name": name, "phone": PHONE if code == "M003" else None} for code, name in NAMES.items()}
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.MEMBERS, frame(rows))


@pytest.fixture
def gates(board):
    """Return the codes of the gate's shifts on Saturday, by their beginning."""
    seen = board()
    shifts = open_shifts(seen.shifts, seen.posts, seen.duties, "C1")
    kinds = {shift.id: seen.posts[shift.post_code].kind for shift in seen.shifts}
    return {
        each.window.start.hour: each.code
        for number, each in shifts.items()
        if each.window.start.date() == SATURDAY and kinds[number] == "gate"
    }


@pytest.fixture
def read(office, roster, inputs):
    def look(pasted):
        return rostering.read_chain(office, roster, pasted, inputs)

    return look


@pytest.fixture
def write(office, roster, inputs):
    events = count()

    def save(pasted, **more):
        return rostering.write_chain(office, roster, pasted, inputs, event_id=f"chain{next(events)}", **more)

    return save


def pasted(*entries, decisions=None, posted=date(2026, 12, 1)):
    words = TITLE + "\n".join(f"{k}. {entry}" for k, entry in enumerate(entries, 1))
    return PastedChain(words, posted, "C1", decisions or {})


def states(found):
    return [each.state for each in found.reading.sign_ups]


def stored_rows(office, *tables):
    with office.look(Action.VIEW_ROSTER) as tx:
        connection = tx.sign_ups._connection
        return [tuple(row) for table in tables for row in connection.exec_driver_sql(f"SELECT * FROM {table}")]


def on_duty(board):
    return sorted((duty.member_code, duty.state.value, duty.heads) for duty in board().duties)


def test_a_chain_is_looked_at_and_nothing_is_written(office, roster, read, board, gates):
    found = read(pasted(f"李娜 {gates[8]}", f"张伟 {gates[10]}", f"张悟空 {gates[12]}", "赵敏 取消", ""))
    assert states(found) == [State.PLACED, State.DOUBT, State.GUEST, State.DROPPED]
    assert translate(found.summary) == "4 条：排上 1，备勤 0，待定 1，外援 1，不计 1；空位 1，示例 1"
    assert found.changes == 2
    assert found.is_new
    assert board().duties == []
    assert stored_rows(office, "sign_ups", "sign_up_entries", "aliases") == []


def test_what_is_sure_is_written_as_one_step_that_is_undone_by_one(office, roster, inputs, write, read, board, gates):
    chain = pasted(f"李娜 {gates[8]}", f"王芳 {gates[20]}", f"张悟空 {gates[12]}", f"张伟 {gates[10]}")
    made = write(chain)
    assert made.undoable == 1
    assert on_duty(board) == [("", "proposed", 1), ("M002", "proposed", 1), ("M003", "proposed", 1)]
    assert {duty.pinned for duty in board().duties} == {True}
    rostering.undo_roster(office, roster, inputs, event_id="back")
    assert board().duties == []
    assert read(chain).changes == 3
    rostering.redo_roster(office, roster, inputs, event_id="on")
    assert len(board().duties) == 3
    assert read(chain).changes == 0


def test_pasting_the_same_text_again_changes_nothing(write, read, board, gates):
    chain = pasted(f"李娜 {gates[8]}", f"张悟空 {gates[12]}", f"王芳 {gates[10]} +1")
    write(chain)
    before = [(duty.id, duty.state) for duty in board().duties]
    again = read(chain)
    assert (again.changes, again.is_new) == (0, False)
    assert [each.is_known for each in again.reading.sign_ups] == [True] * 3
    made = write(chain)
    assert made.undoable == 1
    assert [(duty.id, duty.state) for duty in board().duties] == before


def test_of_a_longer_chain_only_what_is_new_is_written_and_who_is_gone_is_told(write, read, board, gates):
    first = pasted(f"李娜 {gates[8]}", f"张悟空 {gates[12]}")
    write(first)
    found = read(pasted(f"张悟空 {gates[12]}", f"王芳 {gates[10]}"))
    assert (found.changes, [each.person for each in found.reading.vanished]) == (1, ["M002"])
    write(pasted(f"张悟空 {gates[12]}", f"王芳 {gates[10]}"))
    assert on_duty(board) == [("", "proposed", 1), ("M002", "proposed", 1), ("M003", "proposed", 1)]


def test_whom_the_clerk_took_out_does_not_come_back_with_the_same_text(office, roster, write, read, board, gates):
    chain = pasted(f"李娜 {gates[8]}")
    write(chain)
    rostering.take_out(office, roster, [duty.id for duty in board().duties], event_id="out")
    assert read(chain).changes == 0
    write(chain)
    assert board().duties == []


def test_who_takes_back_further_on_leaves_the_roster(office, roster, inputs, write, board, gates):
    write(pasted(f"李娜 {gates[8]}"))
    rostering.publish_roster(office, roster, inputs, event_id="publish")
    write(pasted(f"李娜 {gates[8]}", f"李娜 {gates[8]} 取消"))
    assert on_duty(board) == [("M002", "cancelled", 1)]
    rostering.undo_roster(office, roster, inputs, event_id="back")
    assert on_duty(board) == [("M002", "asked", 1)]


def test_who_comes_too_late_stands_by_in_the_order_of_the_chain(write, board, gates, read):
    entries = [f"{name} {gates[8]}" for name in ("李娜", "王芳", "赵敏", "欧阳娜娜")]
    found = read(pasted(*entries))
    seats = next(each.seats for each in found.timetable.shifts if each.code == gates[8])
    assert states(found) == [State.PLACED] * seats + [State.RESERVE] * (4 - seats)
    write(pasted(*entries))
    reserves = sorted((duty.rank, duty.member_code) for duty in board().duties if duty.state is DutyState.RESERVE)
    assert reserves == [(k + 1, f"M00{2 + seats + k}") for k in range(4 - seats)]


def test_a_breach_is_a_doubt_and_is_written_with_a_reason_alone(office, roster, inputs, write, read, board, gates):
    chain = pasted(f"李娜 {gates[8]}", f"李娜 {gates[14]}")
    found = read(chain)
    assert states(found) == [State.PLACED, State.DOUBT]
    sentences = [translate(each) for each in found.reading.sign_ups[1].doubt.sentences]
    assert any("休息" in each for each in sentences)
    chosen = replace(chain, decisions={1: EntryDecision(is_overruled=True)})
    with pytest.raises(DutyRefusedError):
        write(chosen)
    assert board().duties == []
    write(chosen, reason="本人同意")
    assert on_duty(board) == [("M002", "proposed", 1)] * 2
    reasons = [row for row in stored_rows(office, "duties") if "本人同意" in row]
    assert len(reasons) == 1


def test_nobody_is_put_in_two_places_whatever_is_decided(office, roster, inputs, write, read, board, gates, shift_at):
    other = shift_at(5, 8, "roaming")
    rostering.put_duties(office, roster, [Seating(other, "M002")], inputs, event_id="other", reason="x")
    chain = pasted(f"李娜 {gates[8]}", decisions={0: EntryDecision(is_overruled=True)})
    (li,) = read(chain).reading.sign_ups
    assert (li.state, li.doubt.choices) == (State.DOUBT, ())
    write(chain, reason="x")
    assert len(board().duties) == 1


def test_of_two_with_one_name_the_clerk_chooses(write, read, board, gates):
    chain = pasted(f"张伟 {gates[8]}")
    (doubt,) = read(chain).reading.sign_ups
    assert [translate(each.text).split()[0] for each in doubt.doubt.choices] == ["张*", "张*"]
    write(replace(chain, decisions={0: doubt.doubt.choices[1].decision}))
    assert on_duty(board) == [("M001", "proposed", 1)]


def test_a_telephone_number_tells_who_it_is_and_is_kept_nowhere(office, write, read, board, gates):
    chain = pasted(f"小王 {PHONE} {gates[8]}", f"张伟 {gates[10]} 13900001111")
    found = read(chain)
    assert (states(found), found.reading.sign_ups[0].person) == ([State.PLACED, State.DOUBT], "M003")
    write(chain)
    kept = repr(stored_rows(office, "sign_ups", "sign_up_entries", "aliases", "duties", "roster_steps"))
    assert PHONE not in kept
    assert "13900001111" not in kept
    assert "小王" not in kept


def test_a_nickname_is_known_the_next_time_and_kept_as_a_hash_alone(office, write, read, gates):
    chain = pasted(f"大螃蟹 {gates[8]}", decisions={0: EntryDecision(person="M002")})
    write(chain)
    later = PastedChain(f"#接龙\n明天\n1. 大螃蟹 {gates[20]}", date(2026, 12, 1), "C1")
    (again,) = read(later).reading.sign_ups
    assert (again.person, again.how) == ("M002", "alias")
    assert "大螃蟹" not in repr(stored_rows(office, "sign_ups", "sign_up_entries", "aliases"))


def test_who_was_chosen_for_an_entry_that_stays_in_doubt_is_not_remembered(
    office, roster, inputs, write, read, gates, shift_at
):
    rostering.put_duties(
        office, roster, [Seating(shift_at(5, 8, "roaming"), "M002")], inputs, event_id="other", reason="x"
    )
    write(pasted(f"大螃蟹 {gates[8]}", f"王芳 {gates[10]}", decisions={0: EntryDecision(person="M002")}))
    assert stored_rows(office, "aliases") == []


def test_the_text_is_kept_sealed_until_nothing_of_it_is_in_doubt(office, roster, write, gates):
    chain = pasted(f"李娜 {gates[8]}", f"张伟 {gates[10]}")
    write(chain)
    kept = rostering.read_unsettled_chain(office, roster, "C1")
    assert (kept.words, kept.posted, kept.doubts) == (chain.words, chain.posted, 1)
    assert "李娜" not in repr(stored_rows(office, "sign_ups"))
    write(replace(chain, decisions={1: EntryDecision(is_dropped=True)}))
    assert rostering.read_unsettled_chain(office, roster, "C1") is None
    assert [row for row in stored_rows(office, "sign_ups") if "s1:" in repr(row)] == []


def test_after_thirty_days_the_text_goes_and_what_was_written_stays_known(office, roster, write, read, now, gates):
    chain = pasted(f"李娜 {gates[8]}", f"张悟空 {gates[12]}", f"张伟 {gates[10]}")
    write(chain)
    now[0] = datetime(2026, 12, 24, 12)
    assert clean_up(office, Periods()).chains == 0
    now[0] = datetime(2026, 12, 25, 13)
    assert clean_up(office, Periods()).chains == 1
    assert rostering.read_unsettled_chain(office, roster, "C1") is None
    assert read(chain).changes == 0


def test_of_an_erased_person_chains_keep_nothing(office, roster, write, read, gates):
    write(pasted(f"大螃蟹 {gates[8]}", f"张伟 {gates[10]} 和李娜", decisions={0: EntryDecision(person="M002")}))
    told = export_person(office, "M002")
    assert (len(told["sign_ups"]), len(told["nicknames"])) == (1, 1)
    erase_person(office, "M002", reason="本人要求")
    assert "M002" not in repr(stored_rows(office, "sign_ups", "sign_up_entries", "aliases"))
    assert rostering.read_unsettled_chain(office, roster, "C1") is None


def test_who_went_elsewhere_after_the_look_is_in_doubt_and_not_written(
    office, roster, inputs, read, write, board, gates, shift_at
):
    chain = pasted(f"李娜 {gates[8]}", f"王芳 {gates[10]}")
    assert states(read(chain)) == [State.PLACED, State.PLACED]
    rostering.put_duties(
        office, roster, [Seating(shift_at(5, 8, "roaming"), "M002")], inputs, event_id="other", reason="x"
    )
    write(chain)
    assert on_duty(board) == [("M002", "proposed", 1), ("M003", "proposed", 1)]
    assert rostering.read_unsettled_chain(office, roster, "C1").doubts == 1


@pytest.mark.parametrize("order", list(permutations("abc")))
def test_whoever_writes_first_nobody_stands_in_two_places_and_no_seat_is_taken_twice(
    order, office, roster, inputs, write, board, gates, shift_at
):
    chains = {"a": pasted(f"李娜 {gates[8]}", f"王芳 {gates[8]}"), "b": pasted(f"赵敏 {gates[8]}", f"李娜 {gates[8]}")}
    for each in order:
        if each == "c":
            with suppress(DutyRefusedError):
                seating = Seating(shift_at(5, 8, "roaming"), "M002")
                rostering.put_duties(office, roster, [seating], inputs, event_id="c")
        else:
            write(chains[each])
    live = [duty for duty in board().duties if duty.member_code == "M002"]
    assert len(live) == 1
    assert all(board().seats_by_shift.get(shift.id, 0) <= shift.seats for shift in board().shifts)


def test_what_was_sent_twice_is_written_once(office, roster, inputs, board, gates):
    chain = pasted(f"张悟空 {gates[8]}")
    for _ in range(2):
        rostering.write_chain(office, roster, chain, inputs, event_id="same")
    assert len(board().duties) == 1


def test_a_published_roster_has_people_confirm(office, roster, inputs, write, board, gates):
    rostering.publish_roster(office, roster, inputs, event_id="publish")
    made = write(pasted(f"李娜 {gates[8]}"))
    assert (made.state, on_duty(board)) == (RosterState.PUBLISHED, [("M002", "asked", 1)])


def test_shifts_made_anew_after_the_look_are_to_be_looked_at_again(office, roster, inputs, read, board, gates):
    chain = pasted(f"李娜 {gates[8]}")
    before = read(chain).shifts
    settings = RosterSettings(Pattern.TWO_HOURS, DayHours(6, 22), ())
    rostering.generate_shifts(office, roster, inputs, settings, event_id="anew")
    with pytest.raises(ChainOutdatedError):
        rostering.write_chain(office, roster, chain, inputs, event_id="late", shifts=before)
    assert board().duties == []
    rostering.write_chain(office, roster, chain, inputs, event_id="now", shifts=read(chain).shifts)
    assert len(board().duties) == 1


def test_a_chain_that_presses_people_gets_a_hint(read):
    words = "#接龙\n12月5日值守，务必报名\n1. 李娜 8-10"
    notes = [translate(note) for note in read(PastedChain(words, date(2026, 12, 1), "C1")).notes]
    assert notes == ["接龙是自愿的，建议去掉：务必"]


def test_closing_a_roster_forgets_the_words_of_its_chains(office, roster, inputs, write, gates):
    write(pasted(f"李娜 {gates[8]}", f"张伟 {gates[10]}"))
    rostering.publish_roster(office, roster, inputs, event_id="publish")
    rostering.close_roster(office, roster, event_id="close")
    assert [row for row in stored_rows(office, "sign_ups") if "s1:" in repr(row)] == []


def test_codes_of_another_roster_seat_nobody(read, gates):
    words = f"#接龙\n雅瑶社区 1月2日（周六）值守\n{gates[8]} 云港花园门岗 08–10 缺2\n1. 李娜 {gates[8]}"
    found = read(PastedChain(words, date(2026, 12, 1), "C1"))
    assert states(found) == [State.DOUBT]
    assert gates[8] in str(found.notes[-1])


def test_a_chain_of_no_community_of_the_roster_is_refused(read):
    with pytest.raises(ChainCommunityError):
        read(replace(pasted("李娜 8-10"), community="C9"))


def test_a_text_that_is_too_long_is_refused(read):
    with pytest.raises(ChainError):
        read(pasted("李娜 8-10" * 40_000))


def test_a_closed_roster_takes_no_chain(office, roster, inputs, write, gates):
    rostering.publish_roster(office, roster, inputs, event_id="publish")
    rostering.close_roster(office, roster, event_id="close")
    with pytest.raises(RosterClosedError):
        write(pasted(f"李娜 {gates[8]}"))


def test_people_without_a_name_are_moved_and_swapped(office, roster, inputs, write, board, gates, shift_at):
    write(pasted(f"张悟空 {gates[8]} 2人", f"李娜 {gates[20]}"))
    guest, li = sorted(board().duties, key=lambda duty: duty.member_code)
    rostering.swap_duties(office, roster, (guest.id, li.id), inputs, event_id="swap")
    seats = {duty.member_code: (duty.window.start.hour, duty.heads) for duty in board().duties}
    assert seats == {"": (20, 2), "M002": (8, 1)}
    target = shift_at(5, 12)
    rostering.move_duty(office, roster, li.id, target, inputs, event_id="move", reason="x")
    assert {duty.shift_id for duty in board().duties if not duty.member_code} == {target}


def test_guests_who_are_called_guests_again_come_once(board, gates, read, write):
    chain = PastedChain(f"{TITLE}1. 外援甲 {gates[8]}\n2. 外援乙 {gates[10]}\n", SATURDAY, "C1")
    chain = replace(chain, decisions={0: EntryDecision(is_guest=True), 1: EntryDecision(is_guest=True)})
    write(chain)
    write(chain)
    assert [duty.heads for duty in board().duties] == [1, 1]
    assert not read(chain).is_new
