"""The end of a demo: real data come in, so nobody may sign in any more with a password that is known to all."""

from dataclasses import dataclass
from typing import Final

from services.accounts.accounts import ACCOUNTS
from services.catalog.actions import Action, Role
from services.context import Context, Transaction, Work
from services.rules.fact_names import DEMO_ENDED_FACT, FICTITIOUS_FACT
from services.use_cases import use_case

_DEMO: Final = "demo"


@dataclass(frozen=True, slots=True)
class DemoEnd:
    """What the end of a demo did."""

    accounts: int
    """Accounts of the demo that were disabled."""
    sessions: int
    """Sessions of theirs that were ended."""
    has_administrator: bool
    """Whether somebody is left who can manage accounts."""


def runs_demo(context: Context) -> bool:
    """Return whether the store is a demo: all its data are made up. ``context`` is the server's own."""
    with context.look(Action.SIGN_IN) as tx:
        return tx.records.read_fact(FICTITIOUS_FACT) is not None


@use_case(Action.MAKE_DEMO, _DEMO)
def end_demo(work: Work) -> DemoEnd | None:
    """End the demo by hand, in a store to which real data came in another way; None where there is nothing to end.

    Raises
    ------
    RefusedError
        If the actor may not make demos.
    """
    return end_demo_in(work)


def end_demo_in(work: Work) -> DemoEnd | None:
    """End the demo as a part of a change that brings real data: accounts disabled, sessions ended, the fact gone.

    Returns None, and changes nothing, in a store that is no demo.
    """
    tx = work.tx
    if tx.records.read_fact(FICTITIOUS_FACT) is None:
        return None
    open_ones = [row for row in tx.accounts.read_all() if row["is_demo"] and row["disabled_at"] is None]
    for row in open_ones:
        tx.accounts.change(row["id"], disabled_at=work.at)
    sessions = sum(tx.accounts.end_sessions(row["id"], work.at) for row in open_ones)
    tx.records.forget_fact(FICTITIOUS_FACT)
    tx.records.write_fact(DEMO_ENDED_FACT, work.at)
    tx.touch(ACCOUNTS)
    work.note(what="ended", accounts=len(open_ones))
    return DemoEnd(len(open_ones), sessions, _has_administrator(tx))


def _has_administrator(tx: Transaction) -> bool:
    able = {row["id"] for row in tx.accounts.read_all() if row["disabled_at"] is None}
    return any(row["role"] == Role.ADMINISTRATOR and row["account_id"] in able for row in tx.accounts.read_grants())
