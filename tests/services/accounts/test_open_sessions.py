"""Where somebody is signed in: seen and ended by themselves and by administrators."""

import pytest

from services import accounts
from services.accounts import AccountError, SignInError
from services.context import RefusedError

AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36"


@pytest.fixture
def tokens(server, planner, clock):
    """Return the tokens of three sessions, begun a minute after each other."""
    made = []
    for number in range(3):
        clock.turn(minutes=1)
        made.append(accounts.sign_in(server, *planner, address=f"10.0.0.{number}", agent=AGENT))
    return made


def test_the_own_sessions_are_listed_newest_first_with_when_where_and_in_which_browser(server, tokens):
    listed = accounts.list_own_sessions(server, accounts.key_of(tokens[1]))
    assert [one.address for one in listed] == ["10.0.0.2", "10.0.0.1", "10.0.0.0"]
    assert [one.is_own for one in listed] == [False, True, False]
    assert {one.browser for one in listed} == {"Chrome 120 · Windows"}
    assert [f"{one.began_at:%H:%M}" for one in listed] == ["09:03", "09:02", "09:01"]
    assert not any(token in str(listed) or accounts.key_of(token) in str(listed) for token in tokens)


def test_one_other_session_is_ended(server, tokens):
    key = accounts.key_of(tokens[0])
    number = accounts.list_own_sessions(server, key)[0].number
    assert accounts.end_own_sessions(server, key, number) == 1
    assert [accounts.who_is(server, token) is not None for token in tokens] == [True, True, False]


def test_all_other_sessions_are_ended_and_the_own_goes_on(server, tokens):
    assert accounts.end_own_sessions(server, accounts.key_of(tokens[0])) == 2
    assert [accounts.who_is(server, token) is not None for token in tokens] == [True, False, False]


def test_nobody_ends_or_sees_sessions_of_another(server, admin, tokens):
    other = accounts.sign_in(server, "guanli", "walnut bicycle harbour", address="10.0.1.1")
    key = accounts.key_of(other)
    assert [one.address for one in accounts.list_own_sessions(server, key)] == ["10.0.1.1"]
    assert accounts.end_own_sessions(server, key, accounts.key_of(tokens[0])[:16]) == 0
    assert all(accounts.who_is(server, token) for token in tokens)


def test_an_ended_session_lists_nothing(server, tokens):
    accounts.sign_out(server, tokens[0])
    with pytest.raises(SignInError):
        accounts.list_own_sessions(server, accounts.key_of(tokens[0]))


def test_sessions_that_ran_out_are_not_listed(server, admin, planner, tokens, clock):
    clock.turn(minutes=59)
    accounts.sign_in(server, *planner, address="10.0.0.9")
    assert [one.address for one in accounts.list_sessions(admin, planner[0])][:1] == ["10.0.0.9"]
    clock.turn(minutes=30)
    assert len(accounts.list_sessions(admin, planner[0])) == 1


def test_an_administrator_ends_one_and_all(server, admin, planner, tokens):
    number = accounts.list_sessions(admin, planner[0])[0].number
    assert accounts.end_sessions(admin, planner[0], session=number) == 1
    with pytest.raises(AccountError):
        accounts.end_sessions(admin, planner[0], session=number)
    assert accounts.end_sessions(admin, planner[0]) == 2
    assert not any(accounts.who_is(server, token) for token in tokens)


def test_others_end_no_sessions_of_an_account(server, planner, tokens):
    from dataclasses import replace

    from services.catalog.actions import Role
    from services.rules.roles import Actor

    somebody = replace(server, actor=Actor("x", Role.PLANNER))
    with pytest.raises(RefusedError):
        accounts.end_sessions(somebody, planner[0])


def test_the_trail_names_who_ended_them_and_how_many(server, planner, tokens):
    accounts.end_own_sessions(server, accounts.key_of(tokens[0]))
    with server._store.read() as tx:
        newest = tx.records.read_audit(1).iloc[0]
    assert newest["actor"] == planner[0]
    assert '"sessions": 2' in newest["detail"]


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) Version/17.1 Safari/605.1", "Safari 17 · macOS"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0", "Firefox 121 · Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0", "Edge 120 · Windows"),
        ("Mozilla/5.0 (Linux; Android 13) Chrome/108.0 MQQBrowser/14.2 Safari", "QQ Browser 14 · Android"),
        ("<script>alert(1)</script>", ""),
        ("x" * 10_000, ""),
    ],
)
def test_a_browser_is_named_in_words_of_ours(agent, name):
    from services.accounts.browser_names import name_browser

    assert name_browser(agent) == name
