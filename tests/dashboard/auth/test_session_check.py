"""Who is at the door is asked for all open pages together, and not at once again when the store does not answer."""

import asyncio
from datetime import datetime

import pytest

from dashboard.web.auth.session_check import ASK_AGAIN_S, FRESH_S, SessionCheck
from services import accounts
from services.accounts import Account, Grant, SignedIn, key_of
from services.catalog.actions import Role
from services.context import StoreLostError
from services.rules.areas import EVERYWHERE


def somebody(number):
    grant = Grant(number, Role.PLANNER, EVERYWHERE)
    flags = dict.fromkeys(("is_demo", "is_disabled", "must_change", "has_totp"), False)
    account = Account(number, f"a{number}", "", (grant,), **flags, has_password=True, oidc_subject=None)
    return SignedIn(account, grant, datetime(2026, 1, 1))


class Book:
    """What the store would say: who holds which token; every question is noted."""

    def __init__(self):
        self.held, self.asked, self.is_lost, self.now = {}, [], False, 100.0
        self.meanwhile = lambda: None

    def who_hold(self, _context, keys):
        self.asked.append(len(keys))
        if self.is_lost:
            raise StoreLostError("gone")
        found = {key_of(token): who for token, who in self.held.items() if key_of(token) in keys}
        self.meanwhile()
        return found


@pytest.fixture
def book(monkeypatch):
    book = Book()
    monkeypatch.setattr(accounts, "who_hold", book.who_hold)
    return book


@pytest.fixture
def watch(book):
    return SessionCheck(lambda: None, lambda: book.now)


def who(watch, token):
    return asyncio.run(watch.who(token))


def test_all_open_pages_are_one_question_and_their_requests_are_none(book, watch):
    book.held = {f"t{number}": somebody(number) for number in range(50)}
    ends = [watch.enter(token) for token in book.held]
    asyncio.run(watch.look_around())
    assert [who(watch, token) for token in book.held] == list(book.held.values())
    assert book.asked == [50]
    assert not any(ended.is_set() for ended in ends)


def test_pages_whose_session_is_over_end_and_the_others_stay(book, watch):
    book.held = {"stays": somebody(1)}
    stays, over = watch.enter("stays"), watch.enter("over")
    asyncio.run(watch.look_around())
    assert not stays.is_set()
    assert over.is_set()


def test_nothing_is_asked_while_no_page_is_open(book, watch):
    asyncio.run(watch.look_around())
    assert book.asked == []


def test_an_answer_that_was_on_its_way_when_somebody_signed_out_does_not_count(book, watch):
    book.held = {"t": somebody(1)}
    watch.enter("t")

    def sign_out():
        book.held = {}
        watch.forget("t")

    book.meanwhile = sign_out
    asyncio.run(watch.look_around())
    assert who(watch, "t") is None


def test_who_was_in_stays_in_while_the_store_is_lost_and_the_store_is_left_alone_for_a_moment(book, watch):
    book.held = {"t": somebody(1)}
    assert who(watch, "t") == somebody(1)
    book.is_lost, book.now = True, book.now + FRESH_S
    for _ in range(5):
        assert who(watch, "t") == somebody(1)
    assert len(book.asked) == 2
    with pytest.raises(StoreLostError):
        who(watch, "never seen")
    book.is_lost, book.now = False, book.now + ASK_AGAIN_S
    assert who(watch, "never seen") is None
