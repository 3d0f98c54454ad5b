"""``gridmuster unit``: pairings entered, ended and listed."""

import pytest

from services.cli import app
from services.cli.shell import Exit, run
from tests.services.planning.conftest import chinese, file_store, filled, now, office  # noqa: F401 - fixtures
from tests.services.rostering.package_world import fill_units


@pytest.fixture
def store(file_store):  # noqa: F811 - the fixture above
    return file_store


@pytest.fixture
def unit(office, capsys):  # noqa: F811 - the fixture above
    """Return a function that runs a command and gives its exit code with what was printed."""
    fill_units(office)

    def call(*arguments: str):
        code = run(app, ["unit", *arguments, "--store", f"sqlite:///{office.file}"])
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return call


def test_a_unit_is_paired_ended_and_listed(unit):
    assert unit("pair", "U2", "C1", "--since", "2024-03-01", "--plaque") == (Exit.DONE, "U2 与 C1 已结对\n")
    code, said = unit("pairings")
    assert code == Exit.DONE
    (row,) = [line for line in said.splitlines() if "税务局" in line and "C1" in line]
    assert all(words in row for words in ("结对共建", "2024-03-01", "是"))
    assert unit("unpair", "U2", "C1", "--until", "2025-06-30") == (Exit.DONE, "U2 与 C1 的结对已结束\n")
    assert "2024-03-01" not in unit("pairings")[1]
    assert "2024-03-01，2025-06-30 结束" in unit("pairings", "--all")[1]


def test_what_cannot_be_is_refused_in_a_sentence(unit):
    code, said = unit("unpair", "U2", "C1")
    assert code == Exit.FAILED
    assert "U2 与 C1 目前没有这种结对" in said
    code, said = unit("pair", "U1", "C1", "--since", "2099-01-01")
    assert code == Exit.FAILED
    assert "日期不能晚于今天" in said
