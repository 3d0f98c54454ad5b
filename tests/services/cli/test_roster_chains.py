"""``gridmuster roster text``: open shifts as a chain."""

from datetime import date

import pytest

from services import rostering
from services.cli import app
from services.cli.shell import Exit, run
from services.context import Context
from services.coverage import load_inputs
from services.rostering import RosterSettings
from services.rules.areas import EVERYWHERE
from services.rules.roster.pattern import DayHours, Pattern
from services.rules.windows import Mode
from tests.services.planning.conftest import chinese, file_store, filled, now, office  # noqa: F401 - fixtures


@pytest.fixture
def store(file_store):  # noqa: F811 - the fixture above
    return file_store


@pytest.fixture
def roster(office):  # noqa: F811 - the fixture above
    """A draft for two days."""
    made = rostering.create_roster(office, EVERYWHERE, date(2026, 11, 30), 2, Mode.EMERGENCY, event_id="new")
    settings = RosterSettings(Pattern.TWO_HOURS, DayHours(8, 12), ())
    rostering.generate_shifts(office, made.id, load_inputs(office), settings, event_id="shifts")
    return made.id


def roster_command(office: Context, *arguments: object) -> int:  # noqa: F811 - the fixture above
    return run(app, ["roster", *map(str, arguments), "--store", f"sqlite:///{office.file}"])


def test_open_shifts_are_printed_as_a_chain(office, roster, capsys):  # noqa: F811 - the fixture above
    assert roster_command(office, "text", roster, "--day", "2026-12-01") == Exit.DONE
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "#接龙"
    assert lines[1].startswith("雅瑶社区 12月1日（周二）值守")
    assert lines[2].startswith("B1 ")


def test_who_is_on_duty_is_printed_by_day(office, roster, capsys):  # noqa: F811 - the fixture above
    assert roster_command(office, "text", roster, "--people") == Exit.DONE
    assert capsys.readouterr().out.startswith("雅瑶社区值守表\n11月30日（周一）\n")


def test_a_community_that_is_not_in_the_roster_is_told(office, roster, capsys):  # noqa: F811 - the fixture above
    assert roster_command(office, "text", roster, "--community", "C9") == Exit.FAILED
    assert "C1 雅瑶社区" in capsys.readouterr().err
