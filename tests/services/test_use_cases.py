"""A use case says once what is checked, kept and told of a change; command, button and audit row follow from it."""

import inspect
import string
import typing
from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from services import use_cases
from services.catalog.actions import Action, Role
from services.context import AuditQuery, Context, RefusedError, open_context
from services.errors import ServiceError
from services.i18n import text, translate, use_language
from services.rules.roles import Actor
from services.use_cases import Reason, UseCase, use_case
from tests.declared import declared_use_cases


@dataclass(frozen=True)
class Outcome:
    count: int
    until: datetime


@pytest.fixture
def context(tmp_path):
    use_language("en")
    return open_context(f"sqlite:///{tmp_path}/a.gpkg")


@pytest.fixture
def declared(monkeypatch):
    """Let a test declare use cases that no other test sees."""
    monkeypatch.setattr(use_cases, "_declared", [])


@pytest.fixture
def call_up(declared):
    @use_case(
        Action.FORM_TEAM,
        "team:{team_code}",
        title=text("Call up"),
        question=text("Call {team_code} up?"),
        outcome=text("{team_code}: {count} until {until}"),
        example="plan call-up T1 --reason flood",
    )
    def call_up(work, team_code: str, *, reason: Reason, number: int = 3) -> Outcome:
        """Call a team up."""
        work.tx.records.write_fact("called", f"{team_code} {reason}")
        work.note(members=number)
        if number < 0:
            raise ServiceError(text("No."))
        return Outcome(number, datetime(2026, 1, 2, 8))

    return call_up


def rows(context):
    with context.look(Action.VIEW_AUDIT) as tx:
        return tx.trail.find(AuditQuery(), limit=9)


def fact(context):
    with context.look(Action.MAINTAIN) as tx:
        return tx.records.read_fact("called")


def test_a_change_and_its_row_are_kept_together(context, call_up):
    call_up(context, "T1", reason="flood")
    [row] = rows(context).itertuples()
    assert (row.action, row.object, row.detail) == ("form_team", "team:T1", '{"members": 3}')
    assert fact(context) == "T1 flood"


def test_what_fails_leaves_neither_change_nor_row(context, call_up):
    with pytest.raises(ServiceError):
        call_up(context, "T1", reason="flood", number=-1)
    assert len(rows(context)) == 0
    assert fact(context) is None


def test_whose_role_does_not_allow_it_opens_no_transaction(context, call_up, monkeypatch):
    monkeypatch.setattr(type(context._store), "write", lambda _store: pytest.fail("opened"))
    for role in set(Role) - {Role.LOCAL, Role.PLANNER}:
        with pytest.raises(RefusedError):
            call_up(replace(context, actor=Actor("a", role)), "T1", reason="flood")


def test_a_row_is_about_what_the_arguments_or_the_work_say(context, declared):
    @use_case(Action.FORM_TEAM, "account:{actor}")
    def own(work):
        del work

    @use_case(Action.FORM_TEAM)
    def other(work):
        work.target = "team:T9"

    own(replace(context, actor=Actor("lan", Role.PLANNER)))
    other(context)
    assert set(rows(context).object) == {"account:lan", "team:T9"}


def test_a_name_with_braces_stays_as_it_is(context, call_up):
    call_up(context, "{reason}", reason="flood")
    assert list(rows(context).object) == ["team:{reason}"]


def test_it_says_what_it_asks_and_tells(call_up):
    use_language("en")
    arguments = {"team_code": "T1", "reason": "flood"}
    assert translate(call_up.question_text(arguments)) == "Call T1 up?"
    assert translate(call_up.outcome_text(arguments, Outcome(2, datetime(2026, 1, 2, 8)))).startswith("T1: 2 until")
    assert [(each.name, each.kind, each.is_required) for each in call_up.parameters] == [
        ("team_code", str, True),
        ("reason", str, True),
        ("number", int, False),
    ]
    assert use_cases.use_cases_of("team") == (call_up,)
    assert use_cases.use_cases_of("account") == ()


def test_it_looks_like_its_function(call_up):
    assert (call_up.name, inspect.getdoc(call_up)) == ("call_up", "Call a team up.")


@pytest.fixture
def offered():
    """Return the use cases of the program that have a command or a button."""
    return [case for case in declared_use_cases() if case.outcome]


def test_what_has_a_command_tells_and_asks_in_words_of_its_own_facts(offered):
    assert {case.command for case in offered} >= {"user disable", "person erase", "plan recall", "plan dissolve"}
    for case in offered:
        known = set(case.signature.parameters)
        assert set(fields_of(case.question)) <= known, case.name
        assert set(fields_of(case.outcome)) <= known | set(results_of(case)), case.name
        assert case.note is not None, case.name
        undeclared = [
            name for name, each in case.signature.parameters.items() if each.default is inspect.Parameter.empty
        ]
        assert set(undeclared) - {"work"} == {each.name for each in case.parameters if each.is_required}, case.name


def fields_of(words):
    return [] if words is None else [name for _, name, _, _ in string.Formatter().parse(words.id) if name]


def results_of(case: UseCase):
    result = typing.get_type_hints(case.function)["return"]
    return ["count"] if result is int else list(getattr(result, "__dataclass_fields__", ()))


def test_the_store_has_no_door_for_changes_that_are_not_declared(context):
    doors = {name for name, _ in inspect.getmembers(Context, callable) if not name.startswith("_")}
    assert doors == {
        *("look", "act_unlogged", "storage", "fold"),
        *("can", "scope", "scope_in", "scope_after_writing", "once_a_version", "unlimited", "within"),
    }
