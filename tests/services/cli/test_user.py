"""``gridmuster user``: accounts from the command line."""

import pytest

from services import accounts
from services.cli.app import app
from services.cli.shell import Exit, run
from services.context import open_context
from services.demo import DemoSize, fill_store, make_district
from services.rules.areas import Area


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('user') / 'user.gpkg'}"
    fill_store(open_context(url), make_district(DemoSize.SUBDISTRICT))
    return url


@pytest.fixture
def user(filled, capsys):
    """Return a function that runs ``gridmuster user`` and returns exit code, output and complaints."""

    def call(*words):
        code = run(app, ["user", *words, "--store", filled])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def office(filled):
    return open_context(filled)


@pytest.fixture
def community(office):
    from geo.schema import Layer

    return next(iter(accounts.offer_areas(office)[Layer.COMMUNITIES].items()))


def test_setup_gives_a_new_address_each_time_and_the_old_one_stops(tmp_path, capsys):
    store = f"sqlite:///{tmp_path / 'new.gpkg'}"
    paths = []
    for _ in range(2):
        assert run(app, ["user", "setup", "--store", store]) == Exit.DONE
        paths.append("/set-up/" + capsys.readouterr().out.partition("/set-up/")[2].strip())
    old, new = (path.removeprefix("/set-up/") for path in paths)
    with pytest.raises(accounts.AccountError):
        accounts.finish_setup(open_context(store), old, "guanli", "walnut bicycle harbour")
    accounts.finish_setup(open_context(store), new, "guanli", "walnut bicycle harbour")
    assert run(app, ["user", "setup", "--store", store]) == Exit.FAILED
    assert "gridmuster user add" in capsys.readouterr().err


def test_a_new_account_signs_in_with_the_password_that_was_printed(user, office, community):
    code, said, _ = user("add", "lan", "--role", "secretary", "--area", f"communities:{community[0]}")
    assert code == Exit.DONE
    password = said.rpartition("：")[2].strip()
    token = accounts.sign_in(office, "lan", password, address="10.0.0.1")
    who = accounts.who_is(office, token)
    assert who.account.must_change
    assert who.grant.area == Area("communities", community[0])


def test_the_list_names_areas(user, community):
    user("add", "mei", "--role", "secretary", "--area", f"communities:{community[0]}")
    _, said, _ = user("list")
    assert "mei" in said
    assert community[1] in said


def test_a_role_is_given_and_taken(user, office):
    user("add", "zhu")
    assert user("grant", "zhu", "planner", "--area", "all")[0] == Exit.DONE
    assert len(accounts.find_account(office, "zhu").grants) == 1
    assert user("revoke", "zhu", "planner")[0] == Exit.DONE
    assert accounts.find_account(office, "zhu").grants == ()
    assert user("revoke", "zhu", "planner")[0] == Exit.FAILED


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("add", "a b"), "不能用作帐号名"),
        (("grant", "nobody", "planner", "--area", "all"), "没有帐号"),
        (("grant", "nobody", "planner"), "要写明管哪里"),
        (("grant", "nobody", "planner", "--area", " "), "要写明管哪里"),
        (("add", "tan", "--role", "planner"), "要写明管哪里"),
        (("add", "tan", "--role", "secretary", "--area", "communities:none"), "communities:none"),
        (("grant", "nobody", "planner", "--area", "somewhere"), "管辖范围"),
        (("grant", "nobody", "local", "--area", "all"), "不能授予"),
        (("second-off", "nobody"), "没有帐号"),
        (("sessions", "nobody"), "没有帐号"),
        (("sign-out", "nobody"), "没有帐号"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(user, words, why):
    code, _, complaint = user(*words)
    assert code == Exit.FAILED
    assert why in complaint


def test_an_account_of_an_unknown_area_is_not_made(user, office):
    user("add", "wu", "--role", "secretary", "--area", "communities:none")
    assert "wu" not in {account.name for account in accounts.list_accounts(office)}


def test_disabling_ends_sessions_and_enabling_lets_in_again(user, office):
    password = user("add", "hu")[1].rpartition("：")[2].strip()
    accounts.sign_in(office, "hu", password, address="10.0.0.1")
    assert "1" in user("disable", "hu")[1]
    with pytest.raises(accounts.SignInError):
        accounts.sign_in(office, "hu", password, address="10.0.0.1")
    user("enable", "hu")
    assert accounts.sign_in(office, "hu", password, address="10.0.0.1")


def test_a_reset_gives_another_password(user, office):
    first = user("add", "shi")[1].rpartition("：")[2].strip()
    second = user("reset", "shi")[1].rpartition("：")[2].strip()
    assert first != second
    assert accounts.sign_in(office, "shi", second, address="10.0.0.1")


def test_an_identity_of_the_office_is_linked_and_unlinked(user, office):
    user("add", "ou")
    user("link", "ou", "sub-7")
    assert accounts.find_account(office, "ou").oidc_subject == "sub-7"
    user("link", "ou")
    assert accounts.find_account(office, "ou").oidc_subject is None


def test_an_account_is_not_made_for_a_role_without_a_place(user, office):
    user("add", "kong", "--role", "planner")
    assert "kong" not in {account.name for account in accounts.list_accounts(office)}


def test_of_a_role_held_for_two_places_it_has_to_be_said_which_is_taken(user, office, community):
    place = f"communities:{community[0]}"
    user("add", "er")
    user("grant", "er", "secretary", "--area", place)
    user("grant", "er", "secretary", "--area", "all")
    code, _, complaint = user("revoke", "er", "secretary")
    assert code == Exit.FAILED
    assert place in complaint
    assert user("revoke", "er", "secretary", "--area", "all")[0] == Exit.DONE
    assert [str(held.area) for held in accounts.find_account(office, "er").grants] == [place]


def test_sessions_are_listed_and_ended(user, office):
    user("add", "deng")
    accounts.change_own_password(office, "deng", "seven quiet herons")
    agent = "Mozilla/5.0 (Windows NT 10.0) Chrome/120.0.0.0 Safari/537.36"
    tokens = [
        accounts.sign_in(office, "deng", "seven quiet herons", address=f"10.0.0.{k}", agent=agent) for k in (1, 2)
    ]
    *lines, zone = user("sessions", "deng")[1].strip().splitlines()
    assert "UTC+8" in zone
    rows = [line.split() for line in lines]
    assert {row[5] for row in rows} == {"10.0.0.1", "10.0.0.2"}
    assert {" ".join(row[6:]) for row in rows} == {"Chrome 120 · Windows"}
    number = next(row[0] for row in rows if row[5] == "10.0.0.1")
    assert user("sign-out", "deng", "--session", number)[0] == Exit.DONE
    assert [accounts.who_is(office, token) is None for token in tokens] == [True, False]
    assert user("sign-out", "deng", "--session", number)[0] == Exit.FAILED
    assert "1" in user("sign-out", "deng")[1]
    assert "没有登录" in user("sessions", "deng")[1]
