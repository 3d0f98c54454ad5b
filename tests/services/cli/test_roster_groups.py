"""``gridmuster roster put --team/--unit --heads``: people of a team or unit without names."""

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
    """Return a demo with a roster of one community for tomorrow, and a shift of it with several seats."""
    url = f"sqlite:///{tmp_path_factory.mktemp('store') / 'demo.gpkg'}"
    context = open_context(url)
    fill_store(context, make_district(DemoSize.SUBDISTRICT))
    assign_members(context)
    with context.look(Action.VIEW_COVERAGE) as tx:
        teams = tx.read_layer(Layer.TEAMS, columns=["parent_code"])["parent_code"]
        grids = tx.read_layer(Layer.GRIDS, columns=["parent_code"])["parent_code"]
    community = grids[teams.iloc[0]]
    day = context.clock().date() + timedelta(days=1)
    arguments = ["--area", f"communities:{community}", "--start", f"{day}", "--days", "1"]
    assert roster(url, "new", *arguments) == Exit.DONE
    assert roster(url, "generate", "1", "--hours", "08-22") == Exit.DONE
    shift = max(rostering.read_shifts(context, 1), key=lambda each: each.seats)
    return url, context, shift


def roster(url, command, *arguments):
    return run(app, ["roster", command, *arguments, "--store", url])


def test_teams_and_units_that_could_give_people_are_listed_and_put_in(office, capsys):
    url, context, shift = office
    groups = rostering.find_groups(context, 1, shift.id, load_inputs(context))
    near = groups[0]
    assert near.is_near
    assert near.layer is Layer.TEAMS
    assert roster(url, "candidates", "1", str(shift.id)) == Exit.DONE
    assert near.name in capsys.readouterr().out
    assert roster(url, "put", "1", str(shift.id), "--team", near.code, "--heads", "1") == Exit.DONE
    assert f"{near.code} 的 1 人已排进班次 {shift.id}" in capsys.readouterr().out
    unit = next(each for each in groups if each.layer is Layer.UNITS)
    assert roster(url, "put", "1", str(shift.id), "--unit", unit.code, "--heads", "1", "--reserve") == Exit.DONE
    capsys.readouterr()
    assert roster(url, "show", "1") == Exit.DONE
    told = capsys.readouterr().out
    assert near.name[:4] in told
    board = rostering.read_board(context, 1, load_inputs(context))
    assert sorted((duty.team_code, duty.unit_code, duty.heads) for duty in board.duties) == [
        ("", unit.code, 1),
        (near.code, "", 1),
    ]
    after = rostering.find_groups(context, 1, shift.id, load_inputs(context), limit=1000)
    assert next(each.free for each in after if each.code == near.code) == near.size - 1


@pytest.mark.parametrize(
    "arguments", [[], ["M0001", "--team", "T1"], ["--team", "T1", "--unit", "U1"], ["M0001", "--heads", "2"]]
)
def test_who_is_to_stand_there_is_said_once(office, capsys, arguments):
    url, _context, shift = office
    assert roster(url, "put", "1", str(shift.id), *arguments) == Exit.WRONG_CALL
    assert "--team" in capsys.readouterr().err


def test_more_people_than_open_seats_take_a_reason(office, capsys):
    url, _context, shift = office
    unit = ["--unit", _any_unit(office), "--heads", "40"]
    assert roster(url, "put", "1", str(shift.id), *unit) != Exit.DONE
    assert f"40 人，{shift.seats} 席里空着" in capsys.readouterr().err
    assert roster(url, "put", "1", str(shift.id), *unit, "--reason", "演练") == Exit.DONE
    assert roster(url, "undo", "1") == Exit.DONE


def _any_unit(office):
    with office[1].look(Action.VIEW_COVERAGE) as tx:
        return tx.read_codes(Layer.UNITS)[0]
