"""Processes that take chains (接龙) into one roster until they are killed, and what must be true of it afterwards."""

import json
import os
import random
from collections import Counter
from typing import Any

from services import rostering
from services.context import Context, Transaction
from services.coverage import load_inputs
from services.errors import ServiceError
from services.rostering import PastedChain
from services.rostering.chain_texts import chain_community
from services.rules.areas import EVERYWHERE
from services.rules.roster.sign_up.sign_ups import EntryDecision
from services.rules.windows import Mode
from services.store import Store
from tests.services.planning.conftest import NOW

from .cases_of_rosters import DAY, SETTINGS
from .killing import Tally

_ROSTER = 1
_GUEST = EntryDecision(is_guest=True)


def _open(url: str) -> Context:
    return Context(Store.open(url), clock=lambda: NOW)


def make_roster(url: str) -> None:
    """Make a roster of a day with shifts."""
    office = _open(url)
    made = rostering.create_roster(office, EVERYWHERE, DAY, 1, Mode.EMERGENCY, event_id="new")
    assert made.id == _ROSTER
    rostering.generate_shifts(office, _ROSTER, load_inputs(office), SETTINGS, event_id="shifts")


def write_chains(url: str, answers: str, seed: int, ready: Any) -> None:
    """Take in chains of two guests for ever, each twice; append which was answered, once it was answered."""
    chance, context = random.Random(seed), _open(url)
    inputs = load_inputs(context)
    community = chain_community(rostering.read_board(context, _ROSTER, inputs), inputs)
    kept = os.open(answers, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    ready.release()
    for number in range(10**9):
        title, codes = f"值守{seed}-{number}", chance.sample(range(1, 5), 2)
        words = f"#接龙\n{title}\n" + "\n".join(f"{k}. 客人{k} A{code}" for k, code in enumerate(codes, 1))
        chain = PastedChain(words, DAY, community, {0: _GUEST, 1: _GUEST})
        for time in ("a", "b"):
            try:
                rostering.write_chain(context, _ROSTER, chain, inputs, event_id=f"{title}{time}")
            except ServiceError:
                continue
            os.write(kept, json.dumps({"chain": title, "event": f"{title}{time}"}).encode() + b"\n")


def _rows(tx: Transaction, table: str) -> list[Any]:
    return [row for part in tx.whole.read(table) for row in part]


def check_chains(url: str, answers: list[dict[str, Any]]) -> Tally:
    """Check that every chain that was answered is there once, with its duties and its step, and nothing by halves."""
    store = Store.open(url)
    try:
        with store.read() as tx:
            sign_ups, steps = _rows(tx, "sign_ups"), _rows(tx, "roster_steps")
            chains = Counter(row["chain_hash"] for row in sign_ups)
            assert set(chains.values()) <= {1}
            events = {row["event_id"] for row in _rows(tx, "roster_events")}
            assert {answer["event"] for answer in answers} <= events
            assert len(chains) >= len({answer["chain"] for answer in answers})
            of_steps = {row["number"]: [duty["id"] for duty in json.loads(row["added"])] for row in steps}
            assert sorted(row["step"] for row in sign_ups) == sorted(of_steps)
            duties = tx.rosters.read_duties(_ROSTER)
            put = [number for added in of_steps.values() for number in added]
            assert sorted(put) == sorted(duty["id"] for duty in duties)
            assert all(len(added) == 2 for added in of_steps.values())
            assert len(_rows(tx, "sign_up_entries")) == 2 * len(sign_ups)
            roster = tx.rosters.read_roster(_ROSTER)
            assert roster is not None
            assert roster["position"] == len(steps)
            found = tx.trail.examine()
            assert not found.faults, found.faults
    finally:
        store.close()
    return Tally(1, len(answers))
