"""Real data end a demo in the transaction that brings them: nobody signs in any more with a password known to all."""

from datetime import datetime

import pandas as pd
import pytest

from geo.schema import Layer
from services import accounts
from services.catalog.actions import Action, Role
from services.context import Context, RefusedError
from services.imports import Options, commit, make_upload, revert_import, stage_file
from services.maintenance.store_checks import check_accounts, check_demo
from services.rules.areas import EVERYWHERE
from services.rules.fact_names import FICTITIOUS_FACT
from services.rules.roles import Actor
from services.store import Store
from tests.acting import act
from tests.places import add_places

UNITS = "编码,名称\nU9,真单位\n"


@pytest.fixture
def office(store_url):
    """Return a context on a store that says it is a demo, with its accounts."""
    store = Store.open(store_url)
    context = Context(store, clock=lambda: datetime(2026, 11, 25, 9))
    with act(context, Action.MAKE_DEMO, "demo") as work:
        work.tx.upsert(Layer.GRIDS, pd.DataFrame({"name": ["虚构网格"]}, index=pd.Index(["G1"], name="code")))
        work.tx.records.write_fact(FICTITIOUS_FACT, "true")
    add_places(context)
    accounts.make_demo_accounts(context)
    yield context
    store.close()


def imported(office):
    return commit(office, stage_file(office, make_upload("单位.csv", UNITS.encode()), Layer.UNITS, Options()))


def enter(office):
    return accounts.sign_in(office, "demo-planner", accounts.DEMO_PASSWORD, address="10.0.0.1")


def findings(office):
    with office.look(Action.MAINTAIN) as tx:
        return {one.check: str(one.what) for one in (*check_demo(tx), *check_accounts(tx))}


def test_an_import_disables_the_accounts_of_the_demo_and_ends_their_sessions(office):
    token = enter(office)
    ended = imported(office).demo_end
    assert (ended.accounts, ended.sessions, ended.has_administrator) == (7, 1, False)
    assert accounts.who_is(office, token) is None
    with pytest.raises(accounts.SignInError):
        enter(office)
    assert not accounts.runs_demo(office)
    assert accounts.offered_accounts(office) == []


def test_a_second_import_ends_nothing(office):
    imported(office)
    assert imported(office).demo_end is None


def test_a_demo_does_not_come_back_with_taking_the_import_back(office):
    revert_import(office, imported(office).batch_id)
    assert not accounts.runs_demo(office)
    with pytest.raises(accounts.SignInError):
        enter(office)


def test_own_accounts_go_on(office):
    accounts.create_account(office, "lan")
    accounts.grant_role(office, "lan", Role.ADMINISTRATOR, EVERYWHERE)
    assert imported(office).demo_end.has_administrator
    assert not accounts.find_account(office, "lan").is_disabled


def test_an_account_of_a_demo_that_is_over_stays_disabled(office):
    imported(office)
    with pytest.raises(accounts.AccountError, match="demo-planner"):
        accounts.enable_account(office, "demo-planner")


def test_a_first_administrator_can_be_made_after_the_demo(office):
    assert accounts.is_set_up(office)
    imported(office)
    assert not accounts.is_set_up(office)
    accounts.finish_setup(office, accounts.begin_setup(office), "chief", "Lamp-7-river-stone")
    assert accounts.is_set_up(office)


def test_the_doctor_tells_of_a_demo_and_of_what_is_left_of_one(office):
    assert "made up" in findings(office)["demo"]
    imported(office)
    assert "1 grid still stands" in findings(office)["demo"]
    assert "demo_accounts" not in findings(office)


def test_a_demo_that_got_real_data_from_an_older_program_is_told_offers_no_account_and_is_ended_by_hand(office):
    facts = {"layer": "units", "file_name": "x.csv", "file_sha256": "x", "datum": None, "report": "{}"}
    with act(office, Action.IMPORT) as work:
        counts = {"rows_read": 1, "rows_accepted": 1, "rows_rejected": 0}
        work.tx.records.add_batch(**facts, **counts, at=work.at, actor="lan")
    assert "can sign in to real data" in findings(office)["demo_accounts"]
    assert accounts.offered_accounts(office) == []
    assert accounts.end_demo(office).accounts == 7
    assert "demo_accounts" not in findings(office)


def test_only_whoever_sits_at_the_machine_ends_a_demo_by_hand(office):
    with pytest.raises(RefusedError):
        accounts.end_demo(Context(office._store, Actor("guanli", Role.ADMINISTRATOR)))


def test_there_is_nothing_to_end_in_a_store_that_is_no_demo(office):
    assert accounts.end_demo(office) is not None
    assert accounts.end_demo(office) is None
