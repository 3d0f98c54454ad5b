"""Teams formed on the spot: who stands in them, what is refused, and that nothing is formed twice."""

import pytest

from geo.schema import Layer
from services.catalog.actions import Action, Role
from services.context import Context, RefusedError
from services.coverage import load_inputs
from services.i18n import translate
from services.planning import Holder, PlanningError, form_team, load_snapshot, read_grid_members
from services.planning.errors import (
    MemberElsewhereError,
    MemberInTeamError,
    MemberTwiceError,
    NobodyNamedError,
    TeamExistsError,
    TeamUnnamedError,
    UnknownTargetError,
)
from services.rules import roles
from services.rules.roles import Actor
from services.rules.team_templates import TeamRole, group_of_five, group_of_seven, one_plus_n
from services.rules.windows import Mode
from tests.acting import act

from .conftest import EVENING, frame

CADRE, DOCTOR = Holder(name="王建国"), Holder(name="赵医生")
M0, M1 = Holder("M000"), Holder("M001")


def form(context, event_id="f1", **changed):
    wish = {"grid_code": "G1", "name": "新队", "template": one_plus_n(3), "holders": (CADRE, M0, M1)} | changed
    return form_team(context, event_id=event_id, **wish)


def row_of(context, code):
    with context.look(Action.PLAN) as tx:
        return tx.plans.read_rows(Layer.TEAMS, [code])[code]


def count_teams(context):
    with context.look(Action.PLAN) as tx:
        return tx.count(Layer.TEAMS)


def test_a_team_stands_on_the_board_at_its_grid_with_those_who_are_named(office):
    made = form(office)
    team = load_snapshot(office, load_inputs(office), EVENING, Mode.EMERGENCY).teams[made.code]
    assert (team.name, team.home_code, team.kind, team.size) == ("新队", "G1", "突击队", 3)
    assert (team.leader, team.leader_role) == ("王建国", "社区干部")


def test_roles_nobody_is_named_for_are_told(office):
    assert form(office).empty_roles == (TeamRole.MEMBER,)
    made = form(office, "f2", name="七人", template=group_of_seven(), holders=(None, CADRE, None, None, DOCTOR))
    assert (made.people, made.empty_roles) == (
        2,
        (
            TeamRole.STREET_CADRE,
            TeamRole.GRID_WORKER,
            TeamRole.PROPERTY_OR_LANDLORD,
            TeamRole.POLICE_OFFICER,
            TeamRole.MEMBER,
        ),
    )


def test_the_first_person_who_is_no_plain_member_leads(office):
    made = form(office, template=group_of_seven(), holders=(None, None, None, None, DOCTOR, None, M0))
    assert row_of(office, made.code)["leader_role"] == "医生"


def test_plain_members_alone_have_no_leader(office):
    made = form(office, template=group_of_five(), holders=(None, M0, M1))
    row = row_of(office, made.code)
    assert (row["leader"], row["leader_role"], row["phone"], row["size"]) == (None, None, None, 2)


def test_a_member_who_leads_brings_name_telephone_and_skills(office):
    stated = {"name": "党员0", "phone": "13800000000", "skills": "驾驶;医疗"}
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.MEMBERS, frame({"M000": stated, "M001": stated | {"skills": "医疗;电工"}}))
    code = form(office, template=group_of_five(), holders=(M0, M1)).code
    row = row_of(office, code)
    assert (row["leader"], row["skills"]) == ("党员0", "医疗;驾驶;水电维修")
    with office.look(Action.VIEW_ORDERS) as tx:
        assert tx.sealed.open_phones(Layer.TEAMS, [code]) == {code: "13800000000"}


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"name": " \t"}, TeamUnnamedError),
        ({"holders": ()}, NobodyNamedError),
        ({"holders": (None, Holder(), Holder(name="  "))}, NobodyNamedError),
        ({"grid_code": "G9", "holders": (CADRE,)}, UnknownTargetError),
        ({"grid_code": ""}, UnknownTargetError),
        ({"name": " 一队 "}, TeamExistsError),
        ({"holders": (M0, M0)}, MemberTwiceError),
        ({"holders": (CADRE, Holder("M080"))}, MemberElsewhereError),
        ({"holders": (CADRE, Holder("X"))}, MemberElsewhereError),
    ],
)
def test_what_cannot_be_formed_is_refused_in_chinese_and_writes_nothing(office, changed, error):
    before = count_teams(office)
    with pytest.raises(error) as refused:
        form(office, **changed)
    assert isinstance(refused.value, PlanningError)
    assert translate(refused.value.text) != refused.value.text.id
    assert count_teams(office) == before


def test_two_grids_may_have_teams_of_one_name(office):
    here, there = form(office), form(office, "f2", grid_code="G2", holders=(CADRE,))
    assert here.code != there.code


def test_the_same_event_forms_one_team(office, colleague):
    before = count_teams(office)
    assert form(office) == form(colleague)
    assert count_teams(office) == before + 1


def test_a_second_team_of_a_name_is_refused_under_another_event(office, colleague):
    form(office)
    with pytest.raises(TeamExistsError):
        form(colleague, "f2")


def test_more_people_than_posts_is_a_fault_of_the_caller(office):
    with pytest.raises(ValueError, match="3 people"):
        form(office, template=one_plus_n(1))


def test_the_members_of_a_grid_are_offered_masked(office):
    members = read_grid_members(office, "G2")
    assert [(m.code, m.masked_name) for m in members] == [("M080", "党***"), ("M081", "党***")]
    assert read_grid_members(office, "nowhere") == ()


def test_who_may_not_see_people_forms_teams_of_names_only(office, monkeypatch):
    monkeypatch.setattr(roles, "ALLOWED", {Role.LOCAL: frozenset({Action.FORM_TEAM, Action.PLAN})})
    with pytest.raises(RefusedError):
        read_grid_members(office, "G1")
    with pytest.raises(RefusedError):
        form(office)
    assert form(office, holders=(CADRE, DOCTOR)).people == 2


def test_the_screen_forms_no_team(store):
    with pytest.raises(RefusedError):
        form(Context(store, Actor("screen", Role.SCREEN)), holders=(CADRE,))


def test_the_audit_row_names_no_person(office):
    made = form(office)
    with office.look(Action.VIEW_AUDIT) as tx:
        row = tx.records.read_audit(1).iloc[0]
    assert (row["action"], row["object"]) == ("form_team", f"team:{made.code}")
    assert row["detail"] == '{"grid": "G1", "people": 3, "empty": 1}'


def members_of(context, code):
    with context.look(Action.PLAN) as tx:
        return [(member, post) for team, member, post in tx.teams.read_memberships() if team == code]


def test_members_are_kept_with_their_posts_and_typed_names_are_only_counted(office):
    made = form(office, template=one_plus_n(3), holders=(M1, M0, Holder(name="李志愿")))
    assert members_of(office, made.code) == [("M000", "member"), ("M001", "community_cadre")]
    with office.look(Action.PLAN) as tx:
        assert tx.teams.count_members() == {made.code: 2}
    assert made.people == 3


def test_a_member_of_another_team_is_refused_with_who_and_which_team(office):
    form(office)
    with pytest.raises(MemberInTeamError) as refused:
        form(office, "f2", name="另一队", holders=(CADRE, Holder("M002"), M1))
    assert translate(refused.value.text) == "党**（M001）已在一格的“新队”，请换人，或先解散那支队伍。"
    assert count_teams(office) == 5


def test_the_form_tells_who_stands_in_a_team(office):
    form(office)
    standing = {member.code: member.team_name for member in read_grid_members(office, "G1")}
    assert (standing["M000"], standing["M002"]) == ("新队", "")
