"""Accounts: made without a default, given roles, disabled, set up."""

import pytest

from services import accounts
from services.accounts import AccountError, SignInError
from services.catalog.actions import Role
from services.context import RefusedError
from services.rules.areas import EVERYWHERE, Area
from services.rules.passwords import PasswordError
from tests.places import add_places
from tests.services.accounts.authenticator import code_at, new_secret


def test_a_new_store_has_no_account(server):
    assert not accounts.is_set_up(server)


def test_the_set_up_address_works_once(server):
    token = accounts.begin_setup(server)
    accounts.finish_setup(server, token, "guanli", "walnut bicycle harbour")
    with pytest.raises(AccountError):
        accounts.finish_setup(server, token, "guanli2", "walnut bicycle harbour")


def test_only_the_newest_set_up_address_works(server):
    old = accounts.begin_setup(server)
    accounts.begin_setup(server)
    with pytest.raises(AccountError):
        accounts.finish_setup(server, old, "guanli", "walnut bicycle harbour")
    assert not accounts.is_set_up(server)


def test_an_empty_token_sets_nothing_up(server):
    with pytest.raises(AccountError):
        accounts.finish_setup(server, "", "guanli", "walnut bicycle harbour")


@pytest.mark.parametrize("name", ["", "a", "王", "two words", "-x", "x" * 40, "a/b"])
def test_a_name_that_is_none_is_refused(admin, name):
    with pytest.raises(AccountError):
        accounts.create_account(admin, name)


def test_a_name_is_taken_whatever_its_letters(admin):
    accounts.create_account(admin, "lan")
    with pytest.raises(AccountError):
        accounts.create_account(admin, "LAN")


def test_the_last_administrator_stays(admin):
    (own,) = accounts.find_account(admin, "guanli").grants
    with pytest.raises(AccountError):
        accounts.disable_account(admin, "guanli")
    with pytest.raises(AccountError):
        accounts.revoke_role(admin, "guanli", own.id)
    assert not accounts.find_account(admin, "guanli").is_disabled


def test_the_role_of_the_machine_is_not_given(admin):
    accounts.create_account(admin, "lan")
    with pytest.raises(AccountError):
        accounts.grant_role(admin, "lan", Role.LOCAL, EVERYWHERE)


def test_a_role_is_not_given_twice(admin):
    accounts.create_account(admin, "lan")
    for _ in range(2):
        accounts.grant_role(admin, "lan", Role.SECRETARY, Area("communities", "C1"))
    assert len(accounts.find_account(admin, "lan").grants) == 1


def test_who_is_no_administrator_manages_nothing(admin, planner):
    from dataclasses import replace

    from services.rules.roles import Actor

    somebody = replace(admin, actor=Actor("guihua", Role.PLANNER))
    with pytest.raises(RefusedError):
        accounts.create_account(somebody, "lan")
    with pytest.raises(RefusedError):
        accounts.list_accounts(somebody)


@pytest.mark.parametrize(
    "password", ["wee", "1234567890", "qwertyuiop", "guihua-guihua", "gridmuster2026", "aaaaaaaaaaaa"]
)
def test_a_password_that_is_easily_guessed_is_refused(server, planner, password):
    with pytest.raises(PasswordError) as fault:
        accounts.change_own_password(server, "guihua", password)
    assert password not in str(fault.value)


def test_no_audit_row_holds_a_password(server, admin, planner):
    first = accounts.reset_password(admin, planner[0])
    with server._store.read() as tx:
        said = tx.records.read_audit(100).to_csv()
    assert first not in said
    assert planner[1] not in said


def test_a_second_factor_is_asked_for_once_it_is_set(server, planner, clock):
    secret = new_secret(planner[0])

    def code():
        return code_at(secret, clock.now)

    with pytest.raises(AccountError):
        accounts.confirm_totp(server, planner[0], secret, "000000" if code() != "000000" else "111111")
    accounts.confirm_totp(server, planner[0], secret, code())
    clock.turn(minutes=1)
    with pytest.raises(SignInError):
        accounts.sign_in(server, *planner, address="10.0.0.7")
    assert accounts.sign_in(server, *planner, address="10.0.0.7", code=code())
    with pytest.raises(SignInError):
        accounts.sign_in(server, *planner, address="10.0.0.7", code=code())
    clock.turn(minutes=2)
    old = code()
    clock.turn(minutes=2)
    with pytest.raises(SignInError):
        accounts.sign_in(server, *planner, address="10.0.0.7", code=old)
    assert accounts.sign_in(server, *planner, address="10.0.0.7", code=code())


def test_the_secret_of_the_second_factor_is_sealed_in_the_store(server, planner, clock):
    secret = new_secret(planner[0])
    accounts.confirm_totp(server, planner[0], secret, code_at(secret, clock.now))
    with server._store.read() as tx:
        assert secret not in str(dict(tx.accounts.find(planner[0])))


def test_a_demo_makes_no_account_for_a_place_that_is_not_there(server):
    accounts.make_demo_accounts(server)
    made = {grant.role for account in accounts.list_accounts(server) for grant in account.grants}
    assert not made & {Role.SUBDISTRICT_COMMANDER, Role.SECRETARY, Role.LIAISON}


def test_demo_accounts_are_offered_only_where_all_data_is_made_up(server):
    add_places(server)
    accounts.make_demo_accounts(server)
    assert accounts.offered_accounts(server) == []
    with server._store.write() as tx:
        tx.records.write_fact("fictitious", "true")
    roles = [account.grants[0].role for account in accounts.offered_accounts(server)]
    assert set(roles) == set(Role) - {Role.LOCAL}
