"""``gridmuster roster text|sign-up``: open shifts as a chain, and what comes back."""

from datetime import date

import pytest

from geo.schema import Layer
from services import rostering
from services.catalog.actions import Action
from services.cli import app
from services.cli.shell import Exit, run
from services.context import Context
from services.coverage import load_inputs
from services.rostering import RosterSettings
from services.rostering.shift_codes import open_shifts
from services.rules.areas import EVERYWHERE
from services.rules.roster.pattern import DayHours, Pattern
from services.rules.windows import Mode
from tests.acting import act
from tests.services.planning.conftest import chinese, file_store, filled, frame, now, office  # noqa: F401 - fixtures


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


@pytest.fixture
def chain(office, roster, tmp_path):  # noqa: F811 - the fixture above
    """A file with two entries: one of somebody known, one by a nickname."""
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.MEMBERS, frame({"M002": {"name": "李娜"}}))
    board = rostering.read_board(office, roster, load_inputs(office))
    shifts = open_shifts(board.shifts, board.posts, board.duties, "C1").values()
    file = tmp_path / "chain.txt"
    file.write_text(f"#接龙\n值守\n1. 李娜 {next(iter(shifts)).code}\n2. 大螃蟹 {next(iter(shifts)).code}\n")
    return file


def test_a_chain_is_looked_at_without_writing(office, roster, chain, capsys):  # noqa: F811 - the fixture above
    assert roster_command(office, "sign-up", roster, chain) == Exit.ROWS_REJECTED
    told = capsys.readouterr().out
    assert "2 条：排上 1，备勤 0，待定 1" in told
    assert "李* M002" in told
    assert rostering.read_board(office, roster, load_inputs(office)).duties == []


def test_of_a_chain_what_is_sure_is_written(office, roster, chain, capsys):  # noqa: F811 - the fixture above
    assert roster_command(office, "sign-up", roster, chain, "--write", "--posted", "2026-11-29") == Exit.ROWS_REJECTED
    assert "已写入 1 处改动" in capsys.readouterr().out
    (duty,) = rostering.read_board(office, roster, load_inputs(office)).duties
    assert duty.member_code == "M002"


def test_a_file_that_is_no_text_is_told(office, roster, tmp_path, capsys):  # noqa: F811 - the fixture above
    file = tmp_path / "chain.txt"
    file.write_bytes(b"\xff\xff\xff")
    for missing in (file, tmp_path / "none.txt"):
        assert roster_command(office, "sign-up", roster, missing) == Exit.WRONG_CALL
        assert "读不出文字" in capsys.readouterr().err


def test_a_text_of_an_older_windows_is_read(office, roster, chain, capsys):  # noqa: F811 - the fixture above
    chain.write_bytes(chain.read_text().encode("gb18030"))
    assert roster_command(office, "sign-up", roster, chain) == Exit.ROWS_REJECTED
    assert "李* M002" in capsys.readouterr().out


def test_the_same_chain_again_changes_nothing_and_says_so(office, roster, chain, capsys):  # noqa: F811 - above
    for said in ("已写入 1 处改动", "值守表没有变化"):
        roster_command(office, "sign-up", roster, chain, "--write", "--posted", "2026-11-29")
        assert said in capsys.readouterr().out


def test_all_who_are_to_confirm_are_noted_at_once(office, roster, chain, capsys):  # noqa: F811 - the fixture above
    roster_command(office, "sign-up", roster, chain, "--write", "--posted", "2026-11-29")
    rostering.publish_roster(office, roster, load_inputs(office), event_id="publish")
    assert roster_command(office, "confirm", roster, "--community", "C9") == Exit.WRONG_CALL
    assert "没有 C9 的岗位，有的是：C1" in capsys.readouterr().err
    for day, count in (("2026-12-05", 0), ("2026-11-30", 1), ("2026-11-30", 0)):
        assert roster_command(office, "confirm", roster, "--community", "C1", "--day", day) == Exit.DONE
        assert f"有 {count} 人次记为已确认" in capsys.readouterr().out
