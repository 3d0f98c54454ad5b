"""A context is the only way to the store, and it asks first: role, area, and a row in the audit trail."""

import re
from pathlib import Path

import pytest

from services.catalog.actions import ACTIONS, Action, Role
from services.context import Context, RefusedError, open_context
from services.i18n import translate, use_language
from services.rules.roles import Actor
from tests.acting import act

ROOT = Path(__file__).parents[2]
GIVEN = [role for role in Role if role is not Role.LOCAL]
WHOLE = {"services/context.py", "services/cli/serve.py"}
"""Besides ``services.maintenance``, what looks after the store as a whole."""


@pytest.fixture
def context(tmp_path):
    return open_context(f"sqlite:///{tmp_path}/a.gpkg")


def acting(context, role):
    return Context(context._store, Actor("somebody", role))


def test_nobody_who_was_given_a_role_gets_hold_of_the_store_itself(context):
    assert not hasattr(context, "store")
    for role in GIVEN:
        with pytest.raises(RefusedError):
            acting(context, role).storage()
    assert context.storage() is context._store


@pytest.mark.parametrize("role", GIVEN)
def test_what_a_role_may_not_do_opens_no_transaction(context, role):
    somebody = acting(context, role)
    for action in set(Action) - {one for one, spec in ACTIONS.items() if role in spec.roles}:
        for opened in (somebody.look(action), act(somebody, action), somebody.act_unlogged(action)):
            with pytest.raises(RefusedError), opened:
                raise AssertionError(f"{role} got in for {action}")


def test_no_module_takes_another_way_to_the_store():
    found = []
    for path in sorted([*ROOT.glob("services/**/*.py"), *ROOT.glob("dashboard/**/*.py")]):
        name = str(path.relative_to(ROOT))
        text = path.read_text(encoding="utf-8")
        if re.search(r"\._store\b", text) and name != "services/context.py":
            found.append(f"{name}: the store of a context")
        if ".storage()" in text and name not in WHOLE and not name.startswith("services/maintenance/"):
            found.append(f"{name}: the store as a whole")
    assert found == []


def test_a_refusal_says_what_in_words():
    use_language("zh")
    assert translate(RefusedError(Action.VIEW_COVERAGE).text) == "您的角色不能做这件事：查看态势"
