"""Signing in: who gets in, who does not, and when it ends."""

import pytest

from services import accounts
from services.accounts import ABSOLUTE, IDLE, ClosedError, SignInError, password_hashes
from services.accounts.password_hashes import hasher
from services.accounts.sessions import note_seen
from services.catalog.actions import Role
from services.rules.areas import Area

HERE = "10.0.0.7"


def attempt(server, name, password, address=HERE):
    with pytest.raises(SignInError):
        accounts.sign_in(server, name, password, address=address)


def test_the_right_password_makes_a_session_that_acts_in_the_role_for_its_area(server, planner):
    token = accounts.sign_in(server, *planner, address=HERE)
    actor = accounts.who_is(server, token).actor
    assert (actor.name, actor.role, actor.area) == ("guihua", Role.PLANNER, Area("subdistricts", "S1"))


@pytest.mark.parametrize("password", ["", "lantern teapot rive", "LANTERN TEAPOT RIVER", "x" * 10_000])
def test_a_wrong_password_does_not(server, planner, password):
    attempt(server, planner[0], password)


def test_the_token_is_not_what_the_store_keeps(server, planner):
    token = accounts.sign_in(server, *planner, address=HERE)
    with server._store.read() as tx:
        (row,) = tx.accounts.read_open_sessions()
    assert token not in str(dict(row))


def test_a_made_up_token_is_nobody(server, planner):
    assert accounts.who_is(server, "x" * 43) is None


def test_five_wrong_attempts_close_the_account_from_there_even_for_the_right_password(server, planner, clock):
    for _ in range(5):
        attempt(server, planner[0], "wrong")
    with pytest.raises(ClosedError) as closed:
        accounts.sign_in(server, *planner, address=HERE)
    assert "09:15" in str(closed.value)
    clock.turn(minutes=16)
    assert accounts.sign_in(server, *planner, address=HERE)


def test_a_right_attempt_forgets_the_wrong_ones_before_it(server, planner):
    for _ in range(4):
        attempt(server, planner[0], "wrong")
    accounts.sign_in(server, *planner, address=HERE)
    for _ in range(4):
        attempt(server, planner[0], "wrong")
    assert accounts.sign_in(server, *planner, address=HERE)


def test_many_names_from_one_address_close_the_address_only(server, planner):
    for number in range(30):
        attempt(server, f"nobody{number}", "wrong")
    with pytest.raises(ClosedError):
        accounts.sign_in(server, *planner, address=HERE)
    assert accounts.sign_in(server, *planner, address="10.0.0.8")


def test_an_idle_session_runs_out(server, planner, clock):
    token = accounts.sign_in(server, *planner, address=HERE)
    clock.turn(seconds=IDLE.total_seconds() - 1)
    assert accounts.who_is(server, token)
    clock.turn(seconds=1)
    assert accounts.who_is(server, token) is None


def test_a_session_in_use_goes_on_until_its_end(server, planner, clock):
    token = accounts.sign_in(server, *planner, address=HERE)
    for _ in range(int(ABSOLUTE / IDLE * 2) - 1):
        clock.turn(seconds=IDLE.total_seconds() / 2)
        note_seen(server, token)
        assert accounts.who_is(server, token)
    clock.turn(seconds=IDLE.total_seconds() / 2)
    note_seen(server, token)
    assert accounts.who_is(server, token) is None


def test_signing_out_ends_it(server, planner):
    token = accounts.sign_in(server, *planner, address=HERE)
    accounts.sign_out(server, token)
    assert accounts.who_is(server, token) is None


def test_disabling_an_account_ends_all_its_sessions(server, admin, planner):
    tokens = [accounts.sign_in(server, *planner, address=HERE) for _ in range(3)]
    assert accounts.disable_account(admin, planner[0]) == 3
    assert not any(accounts.who_is(server, token) for token in tokens)
    attempt(server, *planner)


def test_of_many_sessions_it_is_told_at_once_who_holds_those_that_go_on(server, admin, planner):
    first, second, signed_out = (accounts.sign_in(server, *planner, address=HERE) for _ in range(3))
    accounts.sign_out(server, signed_out)
    keys = [accounts.key_of(token) for token in (first, second, signed_out, "x" * 43)]
    held = accounts.who_hold(server, keys)
    assert held == {key: accounts.who_holds(server, key) for key in keys[:2]}
    accounts.disable_account(admin, planner[0])
    assert accounts.who_hold(server, keys) == {}


def test_an_account_acts_in_one_of_its_roles_at_a_time(server, admin, planner):
    accounts.grant_role(admin, planner[0], Role.SECRETARY, Area("communities", "C1"))
    token = accounts.sign_in(server, *planner, address=HERE)
    other = accounts.who_is(server, token).account.grants[1]
    accounts.act_as(server, accounts.key_of(token), other.id)
    assert accounts.who_is(server, token).actor.role is Role.SECRETARY
    accounts.revoke_role(admin, planner[0], other.id)
    assert accounts.who_is(server, token) is None


def test_nobody_acts_in_a_role_of_another(server, admin, planner):
    accounts.create_account(admin, "other")
    accounts.grant_role(admin, "other", Role.DISTRICT_COMMANDER, Area())
    foreign = accounts.find_account(admin, "other").grants[0].id
    token = accounts.sign_in(server, *planner, address=HERE)
    with pytest.raises(SignInError):
        accounts.act_as(server, accounts.key_of(token), foreign)


def test_a_first_password_has_to_be_changed_before_anything_else(server, admin):
    first = accounts.create_account(admin, "xinren")
    accounts.grant_role(admin, "xinren", Role.PLANNER, Area())
    token = accounts.sign_in(server, "xinren", first, address=HERE)
    assert accounts.who_is(server, token).actor is None
    accounts.change_own_password(server, "xinren", "seven quiet herons")
    assert accounts.who_is(server, token) is None
    token = accounts.sign_in(server, "xinren", "seven quiet herons", address=HERE)
    assert accounts.who_is(server, token).actor.role is Role.PLANNER


def test_an_unknown_name_costs_the_same_work_as_a_known_one(server, planner, monkeypatch):
    tried = []

    class Counting:
        def verify(self, hashed, password):
            tried.append(hashed)
            return hasher().verify(hashed, password)

    monkeypatch.setattr(password_hashes, "hasher", Counting)
    for name in (planner[0], "nobody"):
        attempt(server, name, "wrong")
    known, unknown = (hashed.split("$")[:4] for hashed in tried)
    assert known == unknown


def test_old_attempts_and_sessions_are_forgotten(server, planner, clock):
    accounts.sign_in(server, *planner, address=HERE)
    attempt(server, *("nobody", "wrong"))
    clock.turn(days=120)
    assert accounts.clean_up(server) == (2, 1)


def test_an_outside_identity_gets_in_only_where_it_was_linked(server, admin, planner):
    with pytest.raises(SignInError):
        accounts.sign_in_subject(server, "sub-1", address=HERE)
    accounts.link_subject(admin, planner[0], "sub-1")
    token = accounts.sign_in_subject(server, "sub-1", address=HERE)
    assert accounts.who_is(server, token).account.name == planner[0]


def test_the_trail_names_who_signed_in_and_out(server, planner):
    accounts.sign_out(server, accounts.sign_in(server, *planner, address=HERE))
    with server._store.read() as tx:
        newest = tx.records.read_audit(2)
    assert list(newest["actor"]) == [planner[0]] * 2
