"""Skills of persons: a proof is noted and counts until its last day, and who has what is told by role and area."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import RefusedError
from services.people import UnknownPersonError, erase_person, read_person
from services.rules.skills import MemberSkill, SkillLevel
from services.rules.windows import Window
from services.skills import (
    Proof,
    ProofOverError,
    UnknownSkillError,
    check_skill,
    find_skilled,
    read_skill_bank,
    skill_words,
)
from tests.acting import act

from .conftest import LI, NOW, WANG, ZHANG

END = date(2027, 12, 31)
EVENING = Window(datetime(2026, 11, 25, 18), datetime(2026, 11, 25, 22))


@pytest.fixture
def skilled(office):
    """Two who state medical care, one of them something that is in no catalogue too."""
    stated = {ZHANG: {"skills": "医护;潜水"}, LI: {"skills": "护士"}, WANG: {"skills": "司机"}}
    with act(office, Action.IMPORT) as work:
        for code, values in stated.items():
            work.tx.change_row(Layer.MEMBERS, code, values)
    return office


def counts(context, window=None):
    bank = read_skill_bank(context, window)
    return {
        count.code: (count.stated_count, count.checked_count)
        for count in bank.counts
        if count.stated_count or count.checked_count
    }


def away(context, code):
    with act(context, Action.KEEP_ROSTER) as work:
        start, end = (each.isoformat(timespec="minutes") for each in (EVENING.start, EVENING.end))
        work.tx.rosters.add_absence(member_code=code, start=start, end=end, changed_by="local")


def later(context, day):
    return replace(context, clock=lambda: datetime(day.year, day.month, day.day, 9))


def test_a_proof_is_noted_with_its_last_day_and_its_kind_stands_in_the_trail(skilled, last_audit):
    check_skill(skilled, ZHANG, "医生", Proof.LICENCE, END)
    assert read_person(skilled, ZHANG).skills[0] == MemberSkill("medical", SkillLevel.CHECKED, END)
    assert last_audit() == ("check_skill", ZHANG, '{"skill": "医疗", "proof": "licence", "until": "2027-12-31"}')


def test_a_skill_that_was_not_stated_is_added_and_a_check_can_be_taken_back(skilled):
    check_skill(skilled, LI, "急救", Proof.CERTIFICATE)
    assert read_person(skilled, LI).skills[1] == MemberSkill("first_aid", SkillLevel.CHECKED)
    check_skill(skilled, LI, "急救", Proof.NOTHING, END)
    assert read_person(skilled, LI).skills[1] == MemberSkill("first_aid")


def test_a_proof_counts_on_its_last_day_and_as_stated_from_the_next(skilled):
    check_skill(skilled, ZHANG, "医疗", Proof.LICENCE, END)
    assert counts(later(skilled, END))["medical"] == (1, 1)
    assert counts(later(skilled, END + timedelta(days=1)))["medical"] == (2, 0)
    assert [each.code for each in find_skilled(later(skilled, END), "医疗", only_checked=True)] == [ZHANG]
    assert find_skilled(later(skilled, END + timedelta(days=1)), "医疗", only_checked=True) == ()


def test_the_bank_counts_every_skill_and_words_outside_the_catalogue_together(skilled):
    assert counts(skilled) == {"medical": (2, 0), "driving": (1, 0), "": (1, 0)}


def test_who_is_away_is_not_free_and_stands_behind(skilled):
    away(skilled, ZHANG)
    found = find_skilled(skilled, "医疗", window=EVENING)
    assert [(each.code, each.is_free) for each in found] == [(LI, True), (ZHANG, False)]
    bank = {count.code: count.free_count for count in read_skill_bank(skilled, EVENING).counts}
    assert (bank["medical"], bank["driving"], bank["first_aid"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("skill", "until", "error"),
    [("潜水", None, UnknownSkillError), ("医疗", NOW.date() - timedelta(days=1), ProofOverError)],
    ids=["unknown", "over"],
)
def test_what_cannot_be_noted_changes_nothing(skilled, skill, until, error):
    with pytest.raises(error):
        check_skill(skilled, ZHANG, skill, Proof.LICENCE, until)
    assert read_person(skilled, ZHANG).skills[0] == MemberSkill("medical")


def test_nobody_of_elsewhere_is_checked_or_named(skilled, at_work):
    secretary = at_work("secretary", "communities:C1")
    with pytest.raises(UnknownPersonError):
        check_skill(secretary, WANG, "驾驶", Proof.LICENCE)
    assert find_skilled(secretary, "驾驶") == ()
    assert counts(secretary) == {"medical": (2, 0), "": (1, 0)}


def test_a_commander_is_told_counts_without_one_and_two_and_no_names(skilled, at_work):
    commander = at_work("subdistrict_commander")
    assert not read_skill_bank(commander).is_exact
    assert read_skill_bank(at_work("planner")).is_exact
    with pytest.raises(RefusedError):
        find_skilled(commander, "医疗")
    with pytest.raises(RefusedError):
        check_skill(commander, ZHANG, "医疗", Proof.LICENCE)


def test_skills_go_when_a_person_is_erased(skilled):
    assert erase_person(skilled, ZHANG, reason="本人要求").skills == 2
    assert counts(skilled) == {"medical": (1, 0), "driving": (1, 0)}


def test_words_say_how_a_skill_is_known():
    today = date(2027, 1, 1)
    skills = [
        MemberSkill("cooking"),
        MemberSkill("medical"),
        MemberSkill("medical", SkillLevel.CHECKED),
        MemberSkill("medical", SkillLevel.CHECKED, today),
        MemberSkill("medical", SkillLevel.CHECKED, date(2026, 12, 31)),
    ]
    assert [skill_words(skill, today) for skill in skills] == [
        "烹饪",
        "医疗（未核实）",
        "医疗（已核实）",
        "医疗（已核实，至 2027-01-01）",
        "医疗（证件 2026-12-31 已到期）",
    ]
