"""What the doctor looks at inside the store: the trail, the orders, the clock, the accounts."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from geo.schema import Layer
from services.catalog.actions import Action, Role
from services.context import AuditQuery, Context, Transaction, backup_folder, backups_in, find_drift
from services.i18n import Text, text
from services.maintenance.audit_log import fault_text, verify_audit_log
from services.maintenance.findings import CheckResult, fault, fine, warning
from services.people import limits_reached_in
from services.rules.fact_names import DEMO_ENDED_FACT, FICTITIOUS_FACT
from services.wording import full_time

_AHEAD: Final = timedelta(minutes=5)
_ALL: Final = 1_000_000


def check_trail(context: Context) -> CheckResult:
    """Say whether the audit trail is whole."""
    found = verify_audit_log(context)
    advice = text(
        "Find out who could write to the store; “{command}” names every row.", command="gridmuster audit verify"
    )
    if found.faults:
        return fault("audit", text("The audit trail is not whole: {what}", what=fault_text(found.faults[0])), advice)
    if found.disagreeing:
        said = text("The audit trail is not the one of the backup {file}", file=found.disagreeing[0])
        return fault("audit", said, advice)
    return fine("audit", text("The audit trail is whole: {rows} rows", rows=found.rows))


def check_values(context: Context, tx: Transaction) -> Iterator[CheckResult]:
    """Yield whether the tables that nobody has changed since the last good backup are as they were in it."""
    store, folder = context.storage(), backup_folder(context.storage().file)
    known = backups_in(folder, store.name) if folder else ()
    drift = find_drift(tx, known, store.cipher, store.version())
    if drift is None:
        return
    if not drift.tables:
        said = text(
            "As in the backup {file}: {count} tables that nobody has changed",
            count=drift.table_count,
            file=drift.backup,
        )
        yield fine("values", said)
        return
    what = text(
        "Values in {tables} are not what was written: nobody has changed them here since the backup {file}",
        tables=", ".join(drift.tables),
        file=drift.backup,
    )
    advice = text(
        "Have the disk checked and compare with that backup. If another program changed them on purpose, export the "
        "table and import it again."
    )
    yield fault("values", what, advice)


def check_orders(tx: Transaction) -> CheckResult:
    """Compare the orders that stand with what the audit trail says of them."""
    unlike = orders_unlike_trail(tx)
    if unlike:
        return fault(
            "orders",
            text(
                "Order {number} is not as the audit trail says, and {more} more", number=unlike[0], more=len(unlike) - 1
            ),
            text("Compare with the newest backup; somebody has written to the store without this program."),
        )
    return fine("orders", text("Every order is as the audit trail says"))


def orders_unlike_trail(tx: Transaction) -> list[int]:
    """Return the orders whose number or end is not what the trail says, sorted.

    Of a plan that was committed there are as many orders as its row says; the end of an order is that of its last
    recall or relief, and without one it is as it was ordered.
    """
    orders = tx.plans.read_orders()
    of_plan: dict[int, list[int]] = defaultdict(list)
    for order in orders:
        if order["relieves"] is None:
            of_plan[order["plan_id"]].append(order["id"])
    committed: Counter[int] = Counter()
    for target, detail in _told(tx, Action.COMMIT_PLAN):
        committed[_number(target)] += int(detail.get("orders", 0))
    ended: dict[int, str] = {}
    for target, detail in _told(tx, Action.RECALL):
        if "until" in detail:
            ended[_number(target)] = str(detail["until"])
    miscounted = [number for plan, numbers in of_plan.items() if len(numbers) != committed[plan] for number in numbers]
    moved = [order["id"] for order in orders if order["until"] != ended.get(order["id"], order["end"])]
    return sorted({*miscounted, *moved})


def check_clock(tx: Transaction, now: datetime) -> CheckResult:
    """Say whether the clock has gone back behind what was written already."""
    newest = tx.trail.find(AuditQuery(), limit=1)
    if newest.empty:
        return fine("clock", text("It is {now}", now=full_time(now)))
    at = datetime.fromisoformat(str(newest.iloc[0]["at"]))
    if at > now + _AHEAD:
        return fault(
            "clock",
            text(
                "The last change is of {at}, and the clock says {now}",
                at=full_time(at),
                now=full_time(now),
            ),
            text(
                "Set the clock of this machine (chrony or the time server of the office); if the store came from a "
                "machine in another time zone, look at GRIDMUSTER_TIME_ZONE, or wait until that hour is over."
            ),
        )
    return fine("clock", text("It is {now}", now=full_time(now)))


def check_accounts(tx: Transaction) -> Iterator[CheckResult]:
    """Yield what should be seen to about accounts."""
    known = tx.accounts.read_all()
    rows = [row for row in known if row["disabled_at"] is None]
    demo = sorted(row["name"] for row in rows if row["is_demo"])
    waiting = sorted(row["name"] for row in rows if row["must_change"])
    if demo and (tx.records.read_fact(FICTITIOUS_FACT) is None or len(tx.records.read_batches())):
        yield fault(
            "demo_accounts",
            text("The demo account {name} can sign in to real data", name=demo[0]),
            text("Disable every demo account: their password is known to all (gridmuster demo --end)."),
        )
    if waiting:
        yield warning(
            "passwords",
            text(
                "{count} accounts still have the password they were given ({name} …)",
                count=len(waiting),
                name=waiting[0],
            ),
            text("Ask them to sign in once, or disable the account."),
        )
    holders = {grant["account_id"] for grant in tx.accounts.read_grants() if grant["role"] == Role.ADMINISTRATOR.value}
    if not holders & {row["id"] for row in rows}:
        yield warning("administrator", text("Nobody can manage accounts"), _way_to_administrator(len(known)))
    if not demo and not waiting:
        yield fine("accounts", text("{count} accounts can sign in", count=len(rows)))


def check_demo(tx: Transaction) -> Iterator[CheckResult]:
    """Yield that the store is a demo, or was one and still holds what was made up."""
    if tx.records.read_fact(FICTITIOUS_FACT) is not None:
        what = text("This store is a demo: its persons and places are made up")
        yield warning("demo", what, text("For real work make a new store and import there."))
    elif tx.records.read_fact(DEMO_ENDED_FACT) is not None:
        rows = {layer: tx.count_without_import(layer) for layer in (Layer.MEMBERS, Layer.GRIDS)}
        if any(rows.values()):
            what = text(
                "Of the demo that this store was, {members} persons and {grids} grids still stand beside the real ones",
                members=rows[Layer.MEMBERS],
                grids=rows[Layer.GRIDS],
            )
            yield warning("demo", what, text("For real work make a new store and import there."))


def check_looks(tx: Transaction, now: datetime) -> Iterator[CheckResult]:
    """Yield who has reached the limit of persons looked at within an hour."""
    reached = limits_reached_in(tx, now)
    if reached:
        what = text(
            "The limit of persons looked at within an hour was reached {count} times in seven days, last by {account}",
            count=len(reached),
            account=reached[0].account,
        )
        advice = text("Ask them why; “{command}” names every look.", command="gridmuster audit list --actor NAME")
        yield warning("looks", what, advice)


def _way_to_administrator(accounts: int) -> Text:
    if not accounts:
        command = "gridmuster user setup"
        return text("Run “{command}”: it gives an address with which the first administrator is made.", command=command)
    return text("Give the role to somebody: {command}", command="gridmuster user grant NAME administrator --area all")


def _told(tx: Transaction, action: Action) -> Iterator[tuple[str, dict[str, Any]]]:
    rows = tx.trail.find(AuditQuery(action=action.value), limit=_ALL).iloc[::-1]
    yield from (
        (str(target), json.loads(str(detail))) for target, detail in zip(rows["object"], rows["detail"], strict=True)
    )


def _number(target: str) -> int:
    number = target.rpartition(":")[2]
    return int(number) if number.isdecimal() else 0
