"""Teams that are taken apart again: when that is refused, what stays, and that nobody stands in a team that is gone."""

import pytest

from geo.schema import Layer
from services.catalog.actions import Action, Role
from services.context import Context, RefusedError
from services.i18n import translate
from services.imports import revert_import
from services.planning import (
    ChangeKind,
    Holder,
    Move,
    commit_plan,
    create_plan,
    disband_team,
    form_team,
    list_formed_teams,
    recall_order,
    review_plan,
    send,
    team_history,
)
from services.planning.errors import NotFormedHereError, TeamAtWorkError, UnknownTeamError
from services.rules import roles
from services.rules.roles import Actor
from services.rules.team_templates import TeamRole, is_formed_here, one_plus_n
from services.rules.windows import Mode
from tests.acting import act

from .conftest import EVENING, frame, team


@pytest.fixture
def formed(office):
    """Return the code of a team of two members and somebody typed in."""
    filled = (Holder("M000"), Holder("M001"), Holder(name="李志愿"))
    made = form_team(office, grid_code="G1", name="新队", template=one_plus_n(3), holders=filled, event_id="f1")
    return made.code


@pytest.fixture
def sent(office, formed, plan, event):
    """Return the order of the team."""
    send(office, plan.id, Move(formed, "G2", 3), event_id=event())
    return commit_plan(office, plan.id).orders[0]


def memberships(context):
    with context.look(Action.PLAN) as tx:
        return tx.teams.read_memberships()


def test_a_dissolved_team_frees_its_members(office, formed):
    assert disband_team(office, formed).name == "新队"
    assert memberships(office) == []
    again = form_team(
        office, grid_code="G1", name="新队", template=one_plus_n(1), holders=(Holder("M000"),), event_id="f2"
    )
    assert again.people == 1


def test_a_team_with_an_order_ahead_or_running_stays_and_the_order_is_named(office, formed, sent, now):
    for instant in (now[0], sent.start, sent.start.replace(hour=21, minute=59)):
        now[0] = instant
        with pytest.raises(TeamAtWorkError) as refused:
            disband_team(office, formed)
        assert "二格 2026-11-25 18:00–22:00" in translate(refused.value.text)
    assert len(memberships(office)) == 2


def test_after_its_last_order_a_team_can_go_and_its_history_stays(office, formed, sent, now):
    now[0] = sent.end
    disband_team(office, formed)
    (line,) = team_history(office, formed)
    assert (line.order.team_name, line.order.to_code) == ("新队", "G2")


def test_a_recalled_order_holds_no_team(office, formed, sent):
    recall_order(office, sent.id, reason="误组")
    disband_team(office, formed)
    assert len(team_history(office, formed)) == 2


def test_a_draft_that_sends_the_team_says_that_it_is_gone(office, formed, plan, event):
    send(office, plan.id, Move(formed, "G2", 3), event_id=event())
    disband_team(office, formed)
    assert [change.kind for change in review_plan(office, plan.id).changes] == [ChangeKind.TEAM_GONE]


def test_a_team_that_came_with_a_file_or_is_gone_is_refused(office, formed):
    with pytest.raises(NotFormedHereError):
        disband_team(office, "T1")
    disband_team(office, formed)
    with pytest.raises(UnknownTeamError):
        disband_team(office, formed)


def test_who_may_form_no_teams_dissolves_none(store, formed):
    with pytest.raises(RefusedError):
        disband_team(Context(store, Actor("屏", Role.SCREEN)), formed)


def test_the_audit_row_says_what_went_and_names_nobody(office, formed):
    disband_team(office, formed)
    with office.look(Action.VIEW_AUDIT) as tx:
        row = tx.records.read_audit(1).iloc[0]
    assert (row["action"], row["object"]) == ("form_team", f"team:{formed}")
    assert row["detail"] == '{"dissolved": 1, "grid": "G1", "people": 3}'


def test_the_list_shows_the_teams_formed_here_with_posts_and_masked_names(office, formed):
    (sheet,) = list_formed_teams(office)
    assert (sheet.team.code, sheet.home_name, sheet.team.size, sheet.count) == (formed, "一格", 3, 2)
    assert [(m.code, m.masked_name, m.role) for m in sheet.members] == [
        ("M000", "党**", TeamRole.COMMUNITY_CADRE),
        ("M001", "党**", TeamRole.MEMBER),
    ]
    assert is_formed_here(formed)


def test_the_list_names_nobody_to_those_who_may_not_see_people(office, formed, monkeypatch):
    monkeypatch.setattr(roles, "ALLOWED", {Role.LOCAL: frozenset({Action.PLAN})})
    assert [(s.count, s.members) for s in list_formed_teams(office)] == [(None, ())]


def test_an_import_over_a_formed_team_keeps_its_members_and_so_does_taking_it_back(office, formed):
    with act(office, Action.IMPORT) as work:
        batch = work.tx.records.add_batch(
            layer="teams", file_name="t.csv", file_sha256="", at=work.at, actor="x", report="{}",
            rows_read=2, rows_accepted=2, rows_rejected=0,
        )  # fmt: skip
        rows = {formed: team("改名", "G1", 4), "T9": team("九队", "G2", 4)}
        work.tx.upsert(Layer.TEAMS, frame(rows), batch_id=batch)
        work.tx.teams.add_members("T9", [("M080", "member")])
    assert {code for code, *_ in memberships(office)} == {formed, "T9"}
    revert_import(office, batch)
    assert {code for code, *_ in memberships(office)} == {formed}


def test_a_member_who_is_taken_out_of_the_store_counts_no_more(office, formed):
    with act(office, Action.IMPORT) as work:
        work.tx.delete(Layer.MEMBERS, ["M000"])
    assert [(s.team.size, s.count) for s in list_formed_teams(office)] == [(3, 1)]


def test_a_plan_made_after_sends_nobody_of_a_team_that_is_gone(office, formed, event):
    disband_team(office, formed)
    other = create_plan(office, EVENING, Mode.EMERGENCY, event_id=event())
    with pytest.raises(UnknownTeamError):
        send(office, other.id, Move(formed, "G2", 3), event_id=event())
