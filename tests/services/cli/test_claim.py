"""``gridmuster claim add|end|list``."""

import pytest

from geo.schema import Layer
from services.catalog.actions import Action
from services.claims import read_claims
from services.cli import app
from services.cli.shell import Exit, run
from tests.acting import act
from tests.services.planning.conftest import chinese, file_store, filled, frame, now, office  # noqa: F401 - fixtures


@pytest.fixture
def store(file_store):  # noqa: F811 - the fixture above
    return file_store


@pytest.fixture
def claim(office):  # noqa: F811 - the fixture above
    """Return what runs a command on a town whose estate has 347 households."""
    with act(office, Action.IMPORT) as work:
        work.tx.upsert(Layer.ESTATES, frame({"E1": {"households": 347}}))

    def command(*arguments):
        return run(app, ["claim", *map(str, arguments), "--store", f"sqlite:///{office.file}"])

    return command


def test_blocks_are_claimed_listed_refused_a_second_time_and_ended(office, claim, capsys):  # noqa: F811
    add = ("add", "--estate", "E1", "--blocks", "3-5栋", "--households", "120", "--team", "一队")
    assert claim(*add) == Exit.DONE
    assert "认领 1 已登记" in capsys.readouterr().out
    assert claim("add", "--estate", "E1", "--blocks", "5栋", "--households", "9", "--member", "M001") == Exit.FAILED
    assert "5栋已有人认领" in capsys.readouterr().err
    assert claim("list") == Exit.DONE
    told = capsys.readouterr().out
    assert "已认领：120 / 347 户" in told
    assert [cell.strip() for cell in told.splitlines()[-1].split("  ") if cell] == [
        "云港花园 E1", "120 / 347 户", "1", "3-5栋", "120", "队伍 一队 T1", "2026-11-20",
    ]  # fmt: skip
    assert claim("end", 1) == Exit.DONE
    assert "认领 1 已结束" in capsys.readouterr().out
    assert read_claims(office).claims == ()
    assert claim("end", 1) == Exit.FAILED


def test_members_are_masked_and_shared_blocks_say_so(claim, capsys):
    claim("add", "--grid", "G2", "--blocks", "1栋", "--households", "9", "--member", "党员7", "--shared")
    claim("list")
    assert "1栋（共同负责）" in (told := capsys.readouterr().out)
    assert "党** M007" in told
    assert "党员7" not in told


def test_estates_without_a_claim_are_listed_when_asked_for(claim, capsys):
    claim("list")
    assert "云港花园" not in capsys.readouterr().out
    claim("list", "--all", "--community", "C1")
    assert "云港花园" in capsys.readouterr().out
    claim("list", "--all", "--community", "C7")
    assert "云港花园" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--team", "T1"), "--estate 和 --grid 写其中一个"),
        (("--estate", "E1", "--grid", "G1", "--team", "T1"), "--estate 和 --grid 写其中一个"),
        (("--estate", "E1"), "--member、--team、--unit 写其中一个"),
        (("--estate", "E1", "--team", "T1", "--unit", "U1"), "--member、--team、--unit 写其中一个"),
    ],
)
def test_of_places_and_holders_one_is_named(claim, capsys, options, sentence):
    assert claim("add", "--blocks", "1栋", "--households", 1, *options) == Exit.WRONG_CALL
    assert sentence in capsys.readouterr().err
