"""``gridmuster plan``: propose, show, commit, list, recall, orders; every fault is a sentence and an exit code."""

import shutil

import pytest
from python_calamine import CalamineWorkbook

from geo.schema import Layer
from services.assignment import assign_members
from services.catalog.actions import Action
from services.cli import app
from services.cli.shell import Exit, run
from services.context import open_context
from services.demo.build import make_district
from services.demo.sizes import DemoSize
from services.demo.write import fill_store
from services.planning import PlanState, list_plans, orders_of_plan, read_plan
from tests.acting import act

TOMORROW = "tomorrow-morning"


@pytest.fixture(scope="module")
def proposed(tmp_path_factory):
    """Return the file of a demo with one proposal in it."""
    path = tmp_path_factory.mktemp("store") / "demo.gpkg"
    context = open_context(f"sqlite:///{path}")
    fill_store(context, make_district(DemoSize.SUBDISTRICT))
    assign_members(context)
    assert (
        plan(f"sqlite:///{path}", "propose", "--window", "weekend", "--mode", "emergency", "--seconds", 5) == Exit.DONE
    )
    context._store.close()
    return path


@pytest.fixture
def store(proposed, tmp_path):
    return f"sqlite:///{shutil.copy(proposed, tmp_path)}"


def plan(store, command, *arguments):
    return run(app, ["plan", command, *map(str, arguments), "--store", store])


def test_a_proposal_is_kept_as_a_draft_that_closes_gaps(store, capsys):
    context = open_context(store)
    (draft,) = list_plans(context)
    assert (draft.state, draft.undoable) == (PlanState.DRAFT, 1)
    assert draft.moves
    assert all(move.why for move in draft.moves)
    assert plan(store, "show", 1) == Exit.DONE
    shown = capsys.readouterr().out
    assert "缺口" in shown
    assert "薄弱网格" in shown
    assert "补齐缺口" in shown


def test_a_proposal_that_is_worth_nobody_s_way_is_an_empty_draft(store, capsys):
    dear = ("--person-price", 1, "--minutes-per-person", 1, "--reach", 0, "--plain")
    assert plan(store, "propose", "--window", TOMORROW, *dear, "--name", "不派") == Exit.DONE
    assert "没有队伍能补上缺口" in capsys.readouterr().out
    assert plan(store, "commit", 2) == Exit.FAILED
    assert "还没有调配" in capsys.readouterr().err


def test_within_no_minutes_teams_are_called_out_at_home_alone(store):
    assert plan(store, "propose", "--window", TOMORROW, "--reach", 0, "--name", "近处") == Exit.DONE
    moves = read_plan(open_context(store), 2).moves
    assert moves
    assert all(move.grid_code == move.home_code for move in moves)


def test_committing_sends_once_and_orders_can_be_handed_out(store, tmp_path, capsys):
    assert plan(store, "orders", 1) == Exit.FAILED
    assert plan(store, "commit", 1) == Exit.DONE
    assert plan(store, "commit", 1) == Exit.DONE
    count = len(orders_of_plan(open_context(store), 1))
    assert count == len(read_plan(open_context(store), 1).moves)
    for kind in (".txt", ".xlsx", ".pdf"):
        assert plan(store, "orders", 1, "--out", tmp_path / f"orders{kind}") == Exit.DONE
    assert (tmp_path / "orders.pdf").read_bytes().startswith(b"%PDF")
    assert (
        len(CalamineWorkbook.from_path(tmp_path / "orders.xlsx").get_sheet_by_name("按队伍").to_python()) == count + 1
    )
    capsys.readouterr()
    assert plan(store, "orders", 1) == Exit.DONE
    assert capsys.readouterr().out.count("【派单") == count


def test_what_conflicts_is_named_and_the_rest_can_be_sent(store, capsys):
    assert (
        plan(store, "propose", "--window", "weekend", "--mode", "lockdown", "--floor", 0, "--seconds", 5) == Exit.DONE
    )
    assert plan(store, "commit", 1) == Exit.DONE
    capsys.readouterr()
    assert plan(store, "commit", 2) == Exit.FAILED
    said = capsys.readouterr().err
    assert "已被 local 于" in said
    assert "没有下达" in said
    assert orders_of_plan(open_context(store), 2) == []
    assert plan(store, "show", 2, "--beside", 1) == Exit.DONE
    assert "最薄弱的网格" in capsys.readouterr().out
    assert plan(store, "commit", 2, "--rest") == Exit.DONE


def test_data_that_changed_must_be_seen(store, capsys):
    context = open_context(store)
    with act(context, Action.IMPORT) as work:
        work.tx.delete(Layer.MEMBERS, work.tx.read_codes(Layer.MEMBERS)[:1])
    assert plan(store, "commit", 1) == Exit.FAILED
    assert "数据有变动" in capsys.readouterr().err
    assert plan(store, "commit", 1, "--seen") == Exit.DONE


def test_an_order_is_recalled_with_a_reason(store, capsys):
    assert plan(store, "commit", 1) == Exit.DONE
    assert plan(store, "recall", 1, "--reason", "有警情") == Exit.DONE
    assert "已召回" in capsys.readouterr().out
    assert plan(store, "recall", 1, "--reason", " ") == Exit.FAILED
    assert plan(store, "recall", 999, "--reason", "有警情") == Exit.FAILED


def test_plans_are_listed(store, capsys):
    assert plan(store, "list") == Exit.DONE
    assert "草稿" in capsys.readouterr().out
    assert plan(store, "list", "--discarded") == Exit.DONE
    assert "草稿" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["propose", "--window", "soon"], Exit.WRONG_CALL),
        (["propose", "--window", "2020-01-01T08:00/2020-01-01T12:00"], Exit.FAILED),
        (["show", 99], Exit.FAILED),
        (["commit", 99], Exit.FAILED),
        (["orders", 1, "--out", "orders.docx"], Exit.WRONG_CALL),
    ],
)
def test_a_wrong_call_is_one_sentence(store, capsys, arguments, code):
    assert plan(store, *arguments) == code
    said = capsys.readouterr().err
    assert said
    assert "Traceback" not in said


def test_an_empty_store_has_nothing_to_propose(tmp_path, capsys):
    url = f"sqlite:///{tmp_path}/empty.gpkg"
    open_context(url)
    assert plan(url, "list") == Exit.DONE
    assert plan(url, "propose", "--window", TOMORROW) == Exit.DONE
    assert "没有队伍能补上缺口" in capsys.readouterr().out


def test_a_list_of_nothing_says_so(store, capsys):
    assert plan(store, "list", "--discarded") == Exit.DONE
    assert capsys.readouterr().out.strip() == "没有可列的内容。"


def test_windows_that_are_planned_together_get_a_draft_each(store, capsys):
    together = ("--windows", "coming", "--window", TOMORROW, "--mode", "emergency", "--seconds", 4, "--name", "寒潮")
    assert plan(store, "propose", *together) == Exit.DONE
    shown = capsys.readouterr().out
    assert "人·小时" in shown
    assert "支队伍最多值守" in shown
    drafts = [draft for draft in list_plans(open_context(store)) if draft.name.startswith("寒潮（")]
    assert len(drafts) == 5
    assert all(draft.moves for draft in drafts)


@pytest.mark.parametrize("windows", ["tonight,now，weekend,tonight,soon", "weekend,2099-01-02T08:00/2099-01-02T07:00"])
def test_windows_that_cannot_be_read_are_refused(store, windows, capsys):
    assert plan(store, "propose", "--windows", windows) == Exit.WRONG_CALL
    assert capsys.readouterr().err
