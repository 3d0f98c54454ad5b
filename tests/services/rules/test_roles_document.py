"""The page on roles has the table that the program reads."""

from pathlib import Path

import pytest

from services.i18n import translate, use_language
from services.rules.roles import ALLOWED, OF_THE_WHOLE, ROLE_NAMES, Action, Role

PAGE = Path(__file__).parents[3] / "docs/user/roles.md"
GIVEN = [role for role in Role if role is not Role.LOCAL]


@pytest.fixture(autouse=True)
def chinese():
    use_language("zh")
    yield
    use_language("zh")


def rows():
    """Return the cells of every row that names an action, by its code."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[1].strip("`"): row for row in cells if len(row) == 2 + len(GIVEN) and row[1].startswith("`")}


def test_the_columns_are_the_roles_that_can_be_given():
    head = next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| 操作"))
    assert [cell.strip() for cell in head.strip("|").split("|")][2:] == [translate(ROLE_NAMES[role]) for role in GIVEN]


def test_every_action_has_a_row():
    assert list(rows()) == [action.value for action in Action]


@pytest.mark.parametrize("action", Action)
def test_a_row_says_who_may(action):
    said = {role for role, cell in zip(GIVEN, rows()[action][2:], strict=True) if cell == "是"}
    assert said == {role for role in GIVEN if action in ALLOWED[role]}
    assert rows()[action][0].endswith("＊") is (action in OF_THE_WHOLE)
