"""First passwords that run out, and passwords that were there before."""

import pytest

from services import accounts
from services.accounts import FIRST_PASSWORD_LIFE, FirstPasswordError
from services.rules.passwords import PasswordError

HERE = "10.0.0.7"


@pytest.fixture
def first(admin):
    """Return a newcomer's name and first password."""
    return "xinren", accounts.create_account(admin, "xinren")


def test_first_passwords_are_drawn_anew_and_follow_the_rules_for_passwords(admin):
    from services.rules.passwords import check_password

    drawn = {accounts.create_account(admin, f"new{number}") for number in range(5)}
    assert len(drawn) == 5
    for password in drawn:
        check_password(password)


def test_a_first_password_runs_out(server, first, clock):
    clock.now += FIRST_PASSWORD_LIFE
    assert accounts.sign_in(server, *first, address=HERE)


def test_a_first_password_that_nobody_used_lets_nobody_in_later(server, first, clock):
    clock.now += FIRST_PASSWORD_LIFE
    clock.turn(seconds=1)
    with pytest.raises(FirstPasswordError) as fault:
        accounts.sign_in(server, *first, address=HERE)
    assert "7" in str(fault.value)


def test_a_first_password_given_with_a_clock_that_was_ahead_does_not_last_until_then(server, admin, clock):
    clock.turn(days=300)
    first = accounts.create_account(admin, "lan")
    clock.turn(days=-300)
    with pytest.raises(FirstPasswordError):
        accounts.sign_in(server, "lan", first, address=HERE)


def test_a_first_password_works_once(server, first, clock):
    accounts.sign_in(server, *first, address=HERE)
    with pytest.raises(FirstPasswordError):
        accounts.sign_in(server, *first, address="10.0.0.8")
    assert accounts.sign_in(server, *first, address=HERE)  # the answer may have got lost
    clock.turn(minutes=11)
    with pytest.raises(FirstPasswordError):
        accounts.sign_in(server, *first, address=HERE)


def test_a_new_first_password_works_where_the_one_before_was_used(server, admin, first):
    accounts.sign_in(server, *first, address=HERE)
    again = accounts.reset_password(admin, first[0])
    assert accounts.sign_in(server, first[0], again, address="10.0.0.8")


def test_the_first_password_cannot_be_changed_into_itself(server, first):
    with pytest.raises(PasswordError):
        accounts.change_own_password(server, *first, former=first[1])
    with pytest.raises(PasswordError):
        accounts.change_own_password(server, *first)


def test_passwords_of_before_are_not_taken_again(server, planner):
    for password in ("seven quiet herons", "copper kettle meadow", "violet engine harvest"):
        accounts.change_own_password(server, planner[0], password)
    for password in ("violet engine harvest", "copper kettle meadow", planner[1]):
        with pytest.raises(PasswordError) as fault:
            accounts.change_own_password(server, planner[0], password)
        assert password not in str(fault.value)


@pytest.mark.parametrize(
    "password",
    [
        "Lantern Teapot River",
        "lantern teapot river1",
        "lantern teapot river 2027!",
        "2027 lantern teapot river",
        "lantern teapot rivers",
        "the lantern teapot river",
        "revir topaet nretnal",
    ],
)
def test_the_password_until_now_made_a_little_different_is_refused(server, planner, password):
    with pytest.raises(PasswordError):
        accounts.change_own_password(server, planner[0], password, former=planner[1])


def test_a_reset_keeps_the_second_factor(server, admin, planner, clock):
    from tests.services.accounts.authenticator import code_at, new_secret

    secret = new_secret(planner[0])
    accounts.confirm_totp(server, planner[0], secret, code_at(secret, clock.now))
    first = accounts.reset_password(admin, planner[0])
    clock.turn(minutes=1)
    with pytest.raises(accounts.SignInError):
        accounts.sign_in(server, planner[0], first, address=HERE)
    assert accounts.sign_in(server, planner[0], first, address=HERE, code=code_at(secret, clock.now))
