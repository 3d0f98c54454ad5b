"""What people shifts ask for, and who of them publishing tells is missing."""

from datetime import date, timedelta

import pytest

from geo.schema import Layer
from services import rostering
from services.catalog.actions import Action
from services.catalog.compositions import load_compositions
from services.catalog.skills import SkillFileError, load_skills
from services.rostering import Seating, missing_words
from services.rostering.shift_needs import ManyNeedsError, NoSuchShiftsError, UnknownNeedError
from services.rules.roster.clash import DutyRule
from tests.acting import act


@pytest.fixture
def shift(office, roster):
    """The shift with the most seats."""
    with office.look(Action.VIEW_ROSTER) as tx:
        return max(tx.rosters.read_shifts(roster), key=lambda row: row["seats"])


def needs_of(office, shift_id):
    with office.look(Action.VIEW_ROSTER) as tx:
        return tx.shift_needs.read([shift_id]).get(shift_id, {})


def set_skills(office, **skills):
    with act(office, Action.IMPORT) as work:
        for code, words in skills.items():
            work.tx.change_row(Layer.MEMBERS, code, {"skills": words})


def test_every_shift_of_a_post_asks_for_what_is_set_and_a_second_time_replaces_it(office, roster, shift):
    count = rostering.set_shift_needs(office, roster, shift["post_code"], {"医生": 1})
    assert count > 1
    assert needs_of(office, shift["id"]) == {"doctor": 1}
    rostering.set_shift_needs(office, roster, shift["post_code"], {"司机": 1})
    assert needs_of(office, shift["id"]) == {"driving": 1}
    rostering.set_shift_needs(office, roster, shift["post_code"], {})
    assert needs_of(office, shift["id"]) == {}


def test_what_no_shift_can_hold_or_nobody_knows_is_refused(office, roster, shift):
    post = shift["post_code"]
    for needs, error in (
        ({"医生": shift["seats"] + 1}, ManyNeedsError),
        ({"医生": 0}, ManyNeedsError),
        ({"潜水": 1}, UnknownNeedError),
    ):
        with pytest.raises(error):
            rostering.set_shift_needs(office, roster, post, needs)
    with pytest.raises(NoSuchShiftsError):
        rostering.set_shift_needs(office, roster, "X", {"医生": 1})
    assert needs_of(office, shift["id"]) == {}


def test_publishing_tells_who_is_missing_over_all_shifts(office, roster, inputs, shift):
    count = rostering.set_shift_needs(office, roster, shift["post_code"], {"医生": 1})
    set_skills(office, M001="护士;司机")
    rostering.put_duties(office, roster, [Seating(shift["id"], "M001")], inputs, event_id="put", reason="x")
    done = rostering.publish_roster(office, roster, inputs, event_id="p")
    assert done.missing == {"doctor": count - 1}
    assert missing_words(done.missing) == f"医生 {count - 1}"


def test_a_roster_whose_shifts_are_generated_anew_keeps_what_they_ask_for(office, roster, inputs, shift):
    rostering.set_shift_needs(office, roster, shift["post_code"], {"医生": 1})
    rostering.generate_shifts(office, roster, inputs, rostering.read_roster(office, roster).settings, event_id="again")
    assert needs_of(office, shift["id"]) == {"doctor": 1}


def test_roles_are_filled_by_skills_of_the_catalogue_and_groups_by_known_roles():
    catalog, skills = load_compositions(), load_skills().skills
    assert {skill for role in catalog.roles.values() for skill in role.by} <= set(skills)
    for group in catalog.compositions.values():
        assert set(group.members) <= set(catalog.roles)
    assert {code: sum(group.members.values()) for code, group in catalog.compositions.items()} == {
        "one_plus_n": 1,
        "seven": 7,
        "five": 5,
    }


def test_a_file_of_compositions_at_fault_is_told(tmp_path):
    (tmp_path / "compositions.toml").write_text("[roles]\n", encoding="utf-8")
    with pytest.raises(SkillFileError):
        load_compositions(tmp_path / "compositions.toml")


def reasons_of(office, roster, shift, inputs):
    found = rostering.find_candidates(office, roster, shift["id"], inputs, limit=500)
    kinds = {DutyRule.SKILL, DutyRule.PROOF}
    return {
        each.candidate.member_code: [breach.rule for breach in each.candidate.breaches if breach.rule in kinds]
        for each in found
    }


def test_candidates_tell_who_lacks_the_skill_and_whose_proof_does_not_hold_then(office, roster, inputs, shift):
    day = date.fromisoformat(shift["start"][:10])
    rostering.set_shift_needs(office, roster, shift["post_code"], {"医生": shift["seats"]})
    set_skills(office, M001="护士", M002="医疗", M003="司机", M004="医疗")
    until = {"M002": day, "M004": day - timedelta(days=1)}
    for code, last in until.items():
        with act(office, Action.IMPORT) as work:
            row = {"skill": "medical", "level": "checked", "valid_until": last.isoformat()}
            work.tx.skills.replace({code: [row]})
    reasons = reasons_of(office, roster, shift, inputs)
    assert [reasons[code] for code in ("M001", "M002", "M003", "M004")] == [
        [DutyRule.PROOF],
        [],
        [DutyRule.SKILL],
        [DutyRule.PROOF],
    ]


def test_where_nothing_is_asked_for_no_candidate_lacks_a_skill(office, roster, inputs, shift):
    assert not any(reasons_of(office, roster, shift, inputs).values())
