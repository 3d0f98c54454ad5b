"""Three processes that write to one store until they are killed, and what must be true of it afterwards."""

import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from pysqlite3 import dbapi2 as sqlite

from geo.schema import Layer
from services import matters
from services.claims import ClaimDraft, HolderKind, add_claim, end_claim, read_claims
from services.context import Context, Transaction
from services.errors import ServiceError
from services.manual_assignment import assign_manually
from services.matters import MatterDraft
from services.planning import Move, commit_plan, create_plan, recall_order, relieve_order, send
from services.planning.orders import orders_between
from services.rules.matters.machine import Side, Verb, replay
from services.rules.windows import Mode
from services.store import Store
from services.store.audit_log import AuditQuery
from tests.forked import PROCESSES
from tests.services.planning.conftest import EVENING, NOW, TEAMS

WRITERS: Final = 3
LONGEST_MORE_S: Final = 0.1
PATIENCE_S: Final = 60.0
_SENT: Final = [code for code, team in TEAMS.items() if team["size"]]


@dataclass
class Tally:
    """What came of some rounds."""

    rounds: int = 0
    answered: int = 0
    orders: int = 0
    ended: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Tally(*(one + two for one, two in pairs))


def kill_three(
    url: str,
    folder: Path,
    seed: int,
    write: Callable[[str, str, int, Any], None],
    look: Callable[[str, list[Any]], Tally],
) -> Tally:
    """Let three writers loose on a store, kill each at a moment of its own, and check what they leave.

    Parameters
    ----------
    write
        What each does, given the store, the file of its answers, a seed, and what to release when it is ready.
    look
        Checks the store against all answers.
    """
    moments = random.Random(seed)
    answers = [folder / f"answers-{k}" for k in range(WRITERS)]
    for path in answers:
        path.unlink(missing_ok=True)
    ready = PROCESSES.Semaphore(0)
    writers = [
        PROCESSES.Process(target=write, args=(url, str(path), seed * WRITERS + k, ready), daemon=True)
        for k, path in enumerate(answers)
    ]
    for writer in writers:
        writer.start()
    try:
        for _ in writers:
            assert ready.acquire(timeout=60), "a writer did not come up"
        for writer in writers:
            _wait_for_answers(answers, moments.randint(2, 6))
            time.sleep(moments.uniform(0, LONGEST_MORE_S))  # the moment is what is drawn; nothing is waited for
            writer.kill()
    finally:
        for writer in writers:
            writer.kill()
    for writer in writers:
        writer.join(20)
        assert writer.exitcode == -9, f"a writer ended by itself ({writer.exitcode})"
    return look(url, [answer for path in answers for answer in _read(path)])


def _wait_for_answers(answers: list[Path], more: int) -> None:
    """Wait until the writers were answered so many times more."""
    wanted, until = _count(answers) + more, time.monotonic() + PATIENCE_S
    while _count(answers) < wanted:
        assert time.monotonic() < until, "nobody is answered"
        time.sleep(0.002)


def _count(answers: list[Path]) -> int:
    return sum(path.read_bytes().count(b"\n") for path in answers if path.exists())


def write_on(url: str, answers: str, seed: int, ready: Any) -> None:
    """Commit plans, recall, relieve and settle for ever; append what was answered, once it was answered."""
    chance, context = random.Random(seed), Context(Store.open(url), clock=lambda: NOW)
    kept = os.open(answers, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    ready.release()
    for number in range(10**9):
        try:
            answer = chance.choice(_DEEDS)(context, chance, f"{seed}-{number}")
        except ServiceError:
            continue  # a team is busy, or an order over: a right answer that changes nothing
        if answer:
            os.write(kept, json.dumps(answer).encode() + b"\n")


def _commit(context: Context, chance: random.Random, event: str) -> dict[str, Any] | None:
    plan = create_plan(context, EVENING, Mode.EMERGENCY, event_id=f"{event}a")
    team = chance.choice(_SENT)
    send(context, plan.id, Move(team, chance.choice(["G2", "G3"]), TEAMS[team]["size"]), event_id=f"{event}b")
    done = commit_plan(context, plan.id)
    return {"sent": [order.id for order in done.orders]} if done.is_sent else None


def _recall(context: Context, chance: random.Random, _event: str) -> dict[str, Any] | None:
    orders = orders_between(context, EVENING)
    if not orders:
        return None
    at = EVENING.start + timedelta(minutes=chance.randrange(0, 200, 10))
    order = recall_order(context, chance.choice(orders).id, reason="演练", at=at)
    return {"ended": order.id, "until": order.until.isoformat()}


def _relieve(context: Context, chance: random.Random, _event: str) -> dict[str, Any] | None:
    orders = orders_between(context, EVENING)
    if not orders:
        return None
    old, new = relieve_order(context, chance.choice(orders).id, chance.choice(_SENT), reason="换班")
    return {"ended": old.id, "until": old.until.isoformat(), "sent": [new.id]}


def _settle(context: Context, chance: random.Random, _event: str) -> dict[str, Any]:
    member, grid = f"M{chance.randrange(90):03d}", f"G{chance.randrange(1, 5)}"
    assign_manually(context, member, grid_code=grid)
    return {"settled": member}


def _claim(context: Context, chance: random.Random, _event: str) -> dict[str, Any]:
    holder = f"M{chance.randrange(90):03d}"
    draft = ClaimDraft(Layer.ESTATES, "E1", f"{chance.randrange(1, 9)}栋", 5, HolderKind.MEMBER, holder)
    return {"claimed": add_claim(context, draft)}


def _end_claim(context: Context, chance: random.Random, _event: str) -> dict[str, Any] | None:
    claims = read_claims(context).claims
    if not claims:
        return None
    number = chance.choice(claims).id
    end_claim(context, number)
    return {"unclaimed": number}


def _ask(context: Context, _chance: random.Random, event: str) -> dict[str, Any]:
    draft = MatterDraft(kind="feedback", subject="communities:C1", title="路灯不亮", asker="communities:C1")
    return {"matter": matters.ask_matter(context, draft, event_id=event)}


def _act(context: Context, chance: random.Random, event: str) -> dict[str, Any] | None:
    """Take, answer, send back or confirm any of the matters, whatever its state allows."""
    views = matters.read_matters(context).matters
    if not views:
        return None
    number = chance.choice(views).id
    verb = chance.choice(("take", "answer", "return", "close"))
    if verb == "answer":
        matters.answer_matter(context, number, f"办了 {event[-2:]}")
    elif verb == "return":
        matters.return_matter(context, number, reason="还没有好")
    else:
        (matters.take_matter if verb == "take" else matters.close_matter)(context, number)
    return {"matter": number, "verb": verb}


def _fill(context: Context, chance: random.Random, _event: str) -> dict[str, Any]:
    values = {"checked_places": chance.randrange(1, 99), "dangers": 0}
    return {"matter": matters.fill_sheet(context, "flood_patrol", f"G{chance.randrange(1, 5)}", values)}


def _sign(context: Context, _chance: random.Random, _event: str) -> dict[str, Any]:
    return {"signed": matters.sign_sheets(context, "flood_patrol", "communities:C1").count}


_DEEDS: Final = (_commit, _recall, _relieve, _settle, _claim, _end_claim, _ask, _act, _fill, _sign)


def check(url: str, answers: list[dict[str, Any]]) -> Tally:
    """Check that nothing answered is lost, that the store is whole, and that state and history agree."""
    store = Store.open(url)
    try:
        with store.read() as tx:
            orders = {row["id"]: row for row in tx.plans.read_orders()}
            _check_answers(tx, orders, answers)
            _check_history(tx, orders)
            _check_claims(tx, answers)
            _check_matters(tx, answers)
            found = tx.trail.examine()
            assert not found.faults, found.faults
    finally:
        store.close()
    if store.is_file:
        with closing(sqlite.connect(url.removeprefix("sqlite:///"))) as opened:
            assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert opened.execute("PRAGMA foreign_key_check").fetchall() == []
    ended = sum(row["until"] < row["end"] for row in orders.values())
    return Tally(1, len(answers), len(orders), ended)


def _check_answers(tx: Transaction, orders: dict[int, Any], answers: list[dict[str, Any]]) -> None:
    settled = {row.Index for row in tx.read_assignments().itertuples() if row.method == "manual"}
    for answer in answers:
        assert set(answer.get("sent", ())) <= orders.keys(), answer
        if "ended" in answer:
            assert orders[answer["ended"]]["until"] <= answer["until"], answer
        if "settled" in answer:
            assert answer["settled"] in settled, answer


def _check_history(tx: Transaction, orders: dict[int, Any]) -> None:
    """Compare every order with the newest line of its history, and with the newest audit row about it."""
    newest: dict[int, Any] = {}
    for team in {row["team_code"] for row in orders.values()}:
        for line in tx.plans.read_team_events(team):
            newest.setdefault(line["order_id"], line)
    assert newest.keys() == orders.keys()
    said = {}
    for row in tx.trail.find(AuditQuery(action="recall"), limit=10**6).iloc[::-1].itertuples():
        detail = json.loads(row.detail)
        if "until" in detail:
            said[int(row.object.removeprefix("order:"))] = detail["until"]
    for number, row in orders.items():
        is_ended = newest[number]["what"] != "sent"
        assert (number in said) == is_ended, row
        assert row["until"] == (said[number] if is_ended else row["end"]), row
    committed = tx.trail.find(AuditQuery(action="commit_plan"), limit=10**6)["detail"].map(json.loads)
    sent = sum(detail.get("orders", 0) for detail in committed)
    assert sent == sum(row["relieves"] is None for row in orders.values())


def _check_claims(tx: Transaction, answers: list[dict[str, Any]]) -> None:
    """Hold claims against what was answered, against each other, and against the audit rows about them."""
    live = tx.claims.read_live()
    ended = {answer["unclaimed"] for answer in answers if "unclaimed" in answer}
    rows = [tx.claims.read_claim(answer["claimed"]) for answer in answers if "claimed" in answer]
    assert all(rows)
    assert not ended & {row["id"] for row in live}
    assert len({row["blocks"] for row in live}) == len(live), "a building is claimed twice"
    said = tx.trail.find(AuditQuery(action="keep_claims"), limit=10**6)["detail"]
    made = sum("blocks" in json.loads(detail) for detail in said)
    assert made - (len(said) - made) == len(live)


def _check_matters(tx: Transaction, answers: list[dict[str, Any]]) -> None:
    """Hold matters against what was answered, against their histories, and against the audit rows about them."""
    rows = {row["id"]: row for row in tx.matters.read_matters()}
    events = tx.matters.read_events(rows)
    assert {answer["matter"] for answer in answers if "matter" in answer} <= rows.keys()
    for number, row in rows.items():
        history = [(Verb(event["what"]), Side(event["side"])) for event in events[number]]
        assert replay(history) == row["state"], row
        assert len(history) == row["revision"], row
    verbs = Counter((answer["matter"], answer["verb"]) for answer in answers if "verb" in answer)
    for (number, verb), times in verbs.items():
        assert sum(event["what"] == verb for event in events[number]) >= times, (number, verb)


def _read(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the answers of a writer; a line that it was killed over is none."""
    if path.exists():
        for line in path.read_bytes().splitlines(keepends=True):
            if line.endswith(b"\n"):
                yield json.loads(line)
