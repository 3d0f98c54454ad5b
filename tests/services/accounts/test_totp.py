"""The second factor: a code works once, whatever it was used for; roles that cannot go without one."""

import pytest

from services import accounts
from services.accounts import AccountError, SignInError
from services.catalog.actions import Role
from services.rules.roles import RoleError, roles_of_second_factor
from tests.services.accounts.authenticator import code_at, new_secret

HERE = "10.0.0.7"


@pytest.fixture
def secret(server, planner, clock):
    """Return the secret of the planner's second factor."""
    secret = new_secret(planner[0])
    accounts.confirm_totp(server, planner[0], secret, code_at(secret, clock.now))
    return secret


def test_the_code_that_set_the_second_factor_does_not_sign_in(server, planner, secret, clock):
    with pytest.raises(SignInError):
        accounts.sign_in(server, *planner, address=HERE, code=code_at(secret, clock.now))
    clock.turn(seconds=30)
    assert accounts.sign_in(server, *planner, address=HERE, code=code_at(secret, clock.now))


def test_the_code_that_confirmed_a_password_does_not_sign_in(server, planner, secret, clock):
    clock.turn(minutes=1)
    code = code_at(secret, clock.now)
    accounts.check_own_password(server, *planner, address=HERE, code=code)
    with pytest.raises(SignInError):
        accounts.sign_in(server, *planner, address=HERE, code=code)


def test_a_code_used_while_the_clock_was_ahead_does_not_spoil_those_of_now(server, planner, secret, clock):
    clock.turn(days=300)
    accounts.sign_in(server, *planner, address=HERE, code=code_at(secret, clock.now))
    clock.turn(days=-300, minutes=5)
    assert accounts.sign_in(server, *planner, address=HERE, code=code_at(secret, clock.now))


def test_setting_a_second_factor_ends_the_other_sessions(server, planner, clock):
    own, other = (accounts.sign_in(server, *planner, address=HERE) for _ in range(2))
    secret = new_secret(planner[0])
    code = code_at(secret, clock.now)
    assert accounts.confirm_totp(server, planner[0], secret, code, key=accounts.key_of(own)) == 1
    assert accounts.who_is(server, own)
    assert accounts.who_is(server, other) is None


def test_removing_it_ends_all_sessions(server, admin, planner):
    token = accounts.sign_in(server, *planner, address=HERE)
    assert accounts.remove_totp(admin, planner[0]) == 1
    assert accounts.who_is(server, token) is None
    with pytest.raises(AccountError):
        accounts.remove_totp(admin, "nobody")


@pytest.mark.parametrize("setting", ["planner", "administrator, planner", "all", "ALL"])
def test_a_role_that_takes_a_second_factor_does_nothing_without_one(server, planner, clock, monkeypatch, setting):
    monkeypatch.setenv("GRIDMUSTER_SECOND_FACTOR", setting)
    token = accounts.sign_in(server, *planner, address=HERE)
    who = accounts.who_is(server, token)
    assert who.lacks_second
    assert who.actor is None
    assert accounts.who_hold(server, [accounts.key_of(token)])[accounts.key_of(token)].actor is None
    secret = new_secret(planner[0])
    accounts.confirm_totp(server, planner[0], secret, code_at(secret, clock.now), key=accounts.key_of(token))
    assert accounts.who_is(server, token).actor.role is Role.PLANNER


def test_other_roles_go_on_without(server, planner, monkeypatch):
    monkeypatch.setenv("GRIDMUSTER_SECOND_FACTOR", "administrator")
    assert accounts.who_is(server, accounts.sign_in(server, *planner, address=HERE)).actor


def test_it_counts_for_whoever_holds_such_a_role_besides_another(server, admin, planner, monkeypatch):
    monkeypatch.setenv("GRIDMUSTER_SECOND_FACTOR", "administrator")
    from services.rules.areas import EVERYWHERE

    accounts.grant_role(admin, planner[0], Role.ADMINISTRATOR, EVERYWHERE)
    assert accounts.who_is(server, accounts.sign_in(server, *planner, address=HERE)).lacks_second


def test_the_offices_own_sign_in_asks_for_its_own(server, admin, planner, monkeypatch):
    monkeypatch.setenv("GRIDMUSTER_SECOND_FACTOR", "all")
    accounts.link_subject(admin, planner[0], "sub-1")
    assert accounts.who_is(server, accounts.sign_in_subject(server, "sub-1", address=HERE)).actor


def test_a_slip_in_the_setting_is_said():
    with pytest.raises(RoleError, match="admin"):
        roles_of_second_factor(["admin"])
