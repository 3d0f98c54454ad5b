"""``gridmuster roster handover``: what the page 交接 shows, printed."""

from datetime import timedelta

import pytest

from geo.schema import Layer
from services import rostering
from services.assignment import assign_members
from services.catalog.actions import Action
from services.cli import app
from services.cli.shell import Exit, run
from services.context import open_context
from services.coverage import load_inputs
from services.demo import DemoSize, fill_store, make_district


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Return a demo with an empty roster of one community for tomorrow, published."""
    url = f"sqlite:///{tmp_path_factory.mktemp('store') / 'demo.gpkg'}"
    context = open_context(url)
    fill_store(context, make_district(DemoSize.SUBDISTRICT))
    assign_members(context)
    with context.look(Action.VIEW_COVERAGE) as tx:
        community = tx.read_codes(Layer.COMMUNITIES)[0]
    day = context.clock().date() + timedelta(days=1)
    arguments = ["--area", f"communities:{community}", "--start", f"{day}", "--days", "1"]
    assert roster(url, "new", *arguments) == Exit.DONE
    assert roster(url, "generate", "1", "--hours", "08-22") == Exit.DONE
    assert roster(url, "publish", "1") == Exit.ROWS_REJECTED
    return url, context, f"{day}T09:00", community


def roster(url, command, *arguments):
    return run(app, ["roster", command, *arguments, "--store", url])


def test_a_post_without_anybody_is_told_and_so_is_one_that_loses_its_people(office, capsys):
    url, context, at, community = office
    assert roster(url, "handover", "--at", at) == Exit.ROWS_REJECTED
    assert "现在无人" in capsys.readouterr().out
    shift = next(each for each in rostering.read_shifts(context, 1) if each.seats and each.window.start.hour == 8)
    person = rostering.find_candidates(context, 1, shift.id, load_inputs(context))[0]
    assert roster(url, "put", "1", str(shift.id), person.candidate.member_code) == Exit.DONE
    capsys.readouterr()
    assert roster(url, "handover", "--at", at) == Exit.ROWS_REJECTED
    said = capsys.readouterr().out
    assert f"10:00 {person.name}" in said
    assert "10:00 起无人" in said
    assert "现在无人" not in said
    assert roster(url, "handover", "--at", at, "--community", community) == Exit.ROWS_REJECTED
    assert capsys.readouterr().out == said


def test_where_no_roster_holds_it_is_said(office, capsys):
    url, _context, at, _community = office
    assert roster(url, "handover", "--at", f"2030-01-01{at[10:]}") == Exit.DONE
    assert "这个时间没有已发布的值守表。" in capsys.readouterr().out
