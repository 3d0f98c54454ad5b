"""A mode is declared with reason, approver and end, and ends by itself."""

from datetime import datetime, timedelta

import pytest

from services.catalog.actions import Action
from services.context import Context
from services.modes import ROUTINE, ModeError, current_mode, declare_mode
from services.rules.windows import Mode
from services.store import Store

NOON = datetime(2026, 11, 23, 12)


@pytest.fixture
def now():
    return [NOON]


@pytest.fixture
def office(tmp_path, now):
    store = Store.open(f"sqlite:///{tmp_path}/store.gpkg")
    yield Context(store, clock=lambda: now[0])
    store.close()


def test_without_a_declaration_the_mode_is_routine(office):
    assert current_mode(office) == ROUTINE


def test_a_declared_mode_holds_until_its_end(office, now):
    declare_mode(office, Mode.LOCKDOWN, reason="疫情", approver="值班主任", until=NOON + timedelta(days=2))
    assert current_mode(office).mode is Mode.LOCKDOWN
    now[0] = NOON + timedelta(days=2)
    assert current_mode(office) == ROUTINE


def test_routine_needs_no_end(office):
    declare_mode(office, Mode.EMERGENCY, reason="台风", approver="值班主任", until=NOON + timedelta(days=2))
    declare_mode(office, Mode.ROUTINE, reason="台风已过", approver="值班主任")
    declared = current_mode(office)
    assert (declared.mode, declared.until, declared.reason) == (Mode.ROUTINE, None, "台风已过")


@pytest.mark.parametrize(
    "lacking",
    [{"reason": " "}, {"approver": ""}, {"until": None}, {"until": NOON}, {"until": NOON - timedelta(hours=1)}],
)
def test_a_declaration_that_lacks_something_is_refused_and_changes_nothing(office, lacking):
    whole = {"reason": "疫情", "approver": "值班主任", "until": NOON + timedelta(hours=1)}
    with pytest.raises(ModeError):
        declare_mode(office, Mode.EMERGENCY, **whole | lacking)
    assert current_mode(office) == ROUTINE


def test_a_declaration_is_logged(office):
    declare_mode(office, Mode.EMERGENCY, reason="台风", approver="值班主任", until=NOON + timedelta(hours=1))
    with office.look(Action.VIEW_AUDIT) as tx:
        assert tx.records.read_audit(1)["action"].tolist() == ["declare_mode"]
