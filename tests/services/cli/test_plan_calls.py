"""``gridmuster plan calls|teams|dissolve`` and the table of ``plan show``."""

import re
import shutil

import pytest

from geo.schema import Layer
from services import planning
from services.assignment import assign_members
from services.catalog.actions import Action
from services.cli import app
from services.cli.shell import Exit, run
from services.context import open_context
from services.demo.build import make_district
from services.demo.sizes import DemoSize
from services.demo.write import fill_store
from services.planning import Holder, form_team, read_plan
from services.rules.team_templates import one_plus_n
from tests.acting import act


@pytest.fixture(scope="module")
def proposed(tmp_path_factory):
    """Return the file of a demo with one proposal in it."""
    path = tmp_path_factory.mktemp("store") / "demo.gpkg"
    context = open_context(f"sqlite:///{path}")
    fill_store(context, make_district(DemoSize.SUBDISTRICT))
    assign_members(context)
    assert plan(f"sqlite:///{path}", "propose", "--window", "weekend", "--seconds", 2) == Exit.DONE
    context._store.close()
    return path


@pytest.fixture
def store(proposed, tmp_path):
    return f"sqlite:///{shutil.copy(proposed, tmp_path)}"


def plan(store, command, *arguments):
    return run(app, ["plan", command, *map(str, arguments), "--store", store])


def noted(store):
    context = open_context(store)
    return dict(planning.read_askings(context, read_plan(context, 1).window).given_out)


def some_surplus(store):
    """Leave people to spare beside weak grids, which the demo has not: the teams and all moves go."""
    context = open_context(store)
    planning.clear_plan(context, 1, event_id="clear")
    with act(context, Action.IMPORT) as work:
        work.tx.delete(Layer.TEAMS, work.tx.read_codes(Layer.TEAMS))


def ask_for_a_doctor(store):
    """Let every grid ask for the skill."""
    context = open_context(store)
    with context.look(Action.VIEW_COVERAGE) as tx:
        codes = tx.read_codes(Layer.GRIDS)
    wanted = planning.PlanSettings(skills=dict.fromkeys(codes, ("医疗",)))
    planning.change_plan(context, 1, event_id="doctor", settings=wanted)


def test_calls_are_noted_only_on_request_and_once(store, capsys):
    some_surplus(store)
    ask_for_a_doctor(store)
    assert plan(store, "calls", 1, "--contact", "值班室") == Exit.DONE
    said = capsys.readouterr().out
    assert "报到联系人：值班室" in said
    assert "所需特长：医疗" in said
    assert noted(store) == {}
    assert plan(store, "calls", 1, "--given-out") == Exit.DONE
    first = noted(store)
    assert first
    assert f"已记为发出：{len(first)} 个网格" in capsys.readouterr().out
    assert plan(store, "calls", 1, "--given-out") == Exit.DONE
    assert noted(store) == first
    assert "已记为发出：0 个网格" in capsys.readouterr().out


def test_a_team_formed_by_mistake_is_listed_and_dissolved(store, capsys):
    context = open_context(store)
    with context.look(Action.PLAN) as tx:
        grid = tx.read_assignments()["grid_code"].dropna().iloc[0]
        member = tx.read_members_of(grid)[0]
    filled = (Holder(member), Holder(name="李志愿"))
    team = form_team(context, grid_code=grid, name="误组队", template=one_plus_n(1), holders=filled, event_id="f")
    assert plan(store, "teams") == Exit.DONE
    shown = capsys.readouterr().out
    assert "误组队" in shown
    assert "社区干部 ×1" in shown
    assert plan(store, "dissolve", team.code) == Exit.FAILED, "nobody agreed"
    assert plan(store, "dissolve", team.code, "--yes") == Exit.DONE
    assert plan(store, "dissolve", team.code, "--yes") == Exit.FAILED
    assert "没有编号为" in capsys.readouterr().err


def test_show_prints_what_changed_before_and_after(store, capsys):
    context = open_context(store)
    move = read_plan(context, 1).moves[0]
    assert plan(store, "show", 1) == Exit.DONE
    assert "调配以后的变动" not in capsys.readouterr().out
    with act(context, Action.IMPORT) as work:
        people = work.tx.read_assignments()
        work.tx.replace_assignments(people[people["grid_code"] != move.home_code])
    assert plan(store, "show", 1) == Exit.DONE
    shown = capsys.readouterr().out
    assert "调配以后的变动" in shown
    assert "力量变了" in shown
    assert re.search(r"\d → -?\d", shown.split("调配以后的变动")[1])
