"""Wrong attempts: they shut out whoever makes them, and never the owner's own browser."""

from datetime import timedelta

import pytest

from services import accounts
from services.accounts import ClosedError, SignInError
from services.rules.lockout import BY_ACCOUNT

OFFICE, STRANGER = "10.0.0.7", "10.9.9.9"


def attempt(server, name, address=STRANGER, cookie="", password="wrong"):
    with pytest.raises(SignInError):
        accounts.sign_in(server, name, password, address=address, cookie=cookie)


def is_closed(server, planner, **whence):
    try:
        accounts.sign_in(server, *planner, **whence)
    except ClosedError:
        return True
    return False


@pytest.fixture
def cookie(server, planner):
    """Return the cookie of the browser in which the planner has signed in before."""
    token = accounts.sign_in(server, *planner, address=OFFICE)
    number = accounts.who_is(server, token).account.id
    return accounts.add_account(server.cipher, "", number, server.clock().date())


def test_wrong_passwords_from_elsewhere_do_not_shut_out_the_owner(server, planner):
    for _ in range(5):
        attempt(server, planner[0])
    assert is_closed(server, planner, address=STRANGER)
    assert not is_closed(server, planner, address=OFFICE)


def test_a_known_browser_gets_through_at_an_address_that_is_closed(server, planner, cookie):
    for number in range(30):
        attempt(server, f"nobody{number}", OFFICE)
    for _ in range(3):
        assert is_closed(server, planner, address=OFFICE)
    assert not is_closed(server, planner, address=OFFICE, cookie=cookie)


def test_guessing_from_many_addresses_is_slowed_down_and_a_known_browser_is_not(server, planner, cookie, clock):
    for number in range(BY_ACCOUNT.most):
        attempt(server, planner[0], f"10.1.{number}.1")
    assert is_closed(server, planner, address="10.2.0.1")
    assert not is_closed(server, planner, address="10.2.0.1", cookie=cookie)
    clock.now += BY_ACCOUNT.closed_for + timedelta(minutes=1)
    attempt(server, planner[0], "10.3.0.1")
    assert is_closed(server, planner, address="10.4.0.1")


def test_the_owners_sign_in_does_not_give_whoever_guesses_from_many_addresses_another_round(server, planner, cookie):
    for number in range(BY_ACCOUNT.most - 1):
        attempt(server, planner[0], f"10.1.{number}.1")
    assert not is_closed(server, planner, address=OFFICE, cookie=cookie)
    attempt(server, planner[0], "10.3.0.1")
    assert is_closed(server, planner, address="10.4.0.1")


def test_a_known_browser_is_closed_after_its_own_wrong_attempts_wherever_it_is(server, planner, cookie):
    for number in range(5):
        attempt(server, planner[0], f"10.0.1.{number}", cookie)
    assert is_closed(server, planner, address="10.0.2.1", cookie=cookie)
    assert not is_closed(server, planner, address="10.0.2.1")


def other_end(value):
    return value[:-1] + ("0" if value[-1] != "0" else "1")


@pytest.mark.parametrize("spoil", [str.upper, other_end, lambda _: "x"])
def test_a_made_up_cookie_is_no_known_browser(server, planner, cookie, spoil):
    for _ in range(5):
        attempt(server, planner[0])
    assert is_closed(server, planner, address=STRANGER, cookie=spoil(cookie))


def test_a_browser_is_known_to_the_accounts_that_signed_in_with_it_alone(server, admin, planner, cookie):
    for _ in range(5):
        attempt(server, "guanli", STRANGER, cookie)
    assert is_closed(server, ("guanli", "walnut bicycle harbour"), address=STRANGER, cookie=cookie)
    assert not is_closed(server, planner, address=STRANGER, cookie=cookie)


def test_a_browser_stays_known_to_the_accounts_before_the_last(server, cookie):
    cipher, today = server.cipher, server.clock().date()
    for number in range(100, 107):
        cookie = accounts.add_account(cipher, cookie, number, today)
    from services.accounts.browsers import number_of_browser

    first = accounts.add_account(cipher, "", 1, today)
    assert number_of_browser(cipher, first, 1, today)
    assert all(number_of_browser(cipher, cookie, number, today) == cookie[:24] for number in range(100, 107))
    assert not number_of_browser(cipher, cookie, 100, today + timedelta(days=366))


def test_failures_noted_with_a_clock_that_was_ahead_shut_nobody_out(server, planner, clock):
    clock.turn(days=300)
    for _ in range(5):
        attempt(server, planner[0], OFFICE)
    clock.turn(days=-300)
    assert not is_closed(server, planner, address=OFFICE)


def test_a_session_begun_with_a_clock_that_was_ahead_does_not_last_until_then(server, planner, clock):
    clock.turn(days=300)
    token = accounts.sign_in(server, *planner, address=OFFICE)
    clock.turn(days=-300)
    assert accounts.who_is(server, token) is None


def test_attempts_noted_ahead_are_forgotten_too(server, planner, clock):
    clock.turn(days=300)
    attempt(server, planner[0])
    clock.turn(days=-300)
    assert accounts.clean_up(server)[0] == 1


def test_wrong_passwords_of_who_is_signed_in_count_for_that_browser(server, planner, cookie):
    for _ in range(5):
        with pytest.raises(SignInError):
            accounts.check_own_password(server, planner[0], "wrong", address=OFFICE, cookie=cookie)
    with pytest.raises(ClosedError):
        accounts.check_own_password(server, *planner, address=OFFICE, cookie=cookie)
    accounts.check_own_password(server, *planner, address="10.0.0.99")
