"""``gridmuster skills list|who|check``."""

import pytest

from geo.schema import Layer
from services.catalog.actions import Action
from services.cli import app
from services.cli.shell import Exit, run
from tests.acting import act
from tests.services.planning.conftest import chinese, file_store, filled, now, office  # noqa: F401 - fixtures


@pytest.fixture
def store(file_store):  # noqa: F811 - the fixture above
    return file_store


@pytest.fixture
def skills(office):  # noqa: F811 - the fixture above
    """Return what runs a command on a town in which two state medical care."""
    with act(office, Action.IMPORT) as work:
        for code in ("M001", "M002"):
            work.tx.change_row(Layer.MEMBERS, code, {"skills": "护士"})

    def command(*arguments):
        return run(app, ["skills", *arguments, "--store", f"sqlite:///{office.file}"])

    return command


def test_a_check_is_noted_and_told_with_its_last_day(skills, capsys):
    check = ("check", "M001", "--skill", "医护", "--proof", "licence")
    assert skills(*check, "--until", "2099-12-31") == Exit.DONE
    assert "已记下 M001：医疗" in capsys.readouterr().out
    assert skills("who", "--skill", "医疗", "--checked") == Exit.DONE
    told = capsys.readouterr().out
    assert "医疗（已核实，至 2099-12-31）" in told
    assert "M002" not in told
    assert skills("list") == Exit.DONE
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("医疗"))
    assert line.split() == ["医疗", "健康照护", "<3", "<3"]


@pytest.mark.parametrize("until", ["2020-01-01", "明年"], ids=["over", "no day"])
def test_a_day_that_does_not_do_is_refused(skills, until, capsys):
    assert skills("check", "M001", "--skill", "医疗", "--proof", "licence", "--until", until) != Exit.DONE
    assert capsys.readouterr().err


def test_an_unknown_skill_is_refused(skills, capsys):
    assert skills("who", "--skill", "潜水") == Exit.FAILED
    assert "特长目录里没有" in capsys.readouterr().err
