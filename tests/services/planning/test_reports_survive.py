"""Reports of orders through a killed program and from two people at once: each holds once, on both stores."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from services.catalog.actions import Role
from services.context import Context
from services.planning import (
    Move,
    OrderEvent,
    commit_plan,
    create_plan,
    read_progress,
    report_orders,
    send,
    team_history,
)
from services.rules.order_steps import OrderStep, Patience
from services.rules.roles import LOCAL_ACTOR, Actor
from services.rules.windows import Mode
from services.store import Store

from .conftest import EVENING, NOW

STEPS = (OrderStep.RECEIVED, OrderStep.SET_OUT, OrderStep.ARRIVED)
PROGRAM = """
import sys
from datetime import datetime
from services.context import Context
from services.planning import report_orders
from services.rules.order_steps import OrderStep
from services.store import Store

context = Context(Store.open(sys.argv[1]), clock=lambda: datetime(2026, 11, 25, 12))
print("ready", flush=True)
for line in sys.stdin:
    report_orders(context, [int(sys.argv[2])], OrderStep(line.strip()))
    print(line, end="", flush=True)
"""


@pytest.fixture
def url(request, store_kind, tmp_path):
    """Return the address of a filled store, of either kind in turn."""
    if store_kind == "gpkg":
        yield f"sqlite:///{shutil.copy(request.getfixturevalue('filled'), tmp_path)}"
        return
    with request.getfixturevalue("cluster").database(request.getfixturevalue("filled_database")) as address:
        yield address


def send_one(store):
    """Send a team; return the number of its order."""
    office = Context(store, LOCAL_ACTOR, clock=lambda: NOW)
    plan = create_plan(office, EVENING, Mode.EMERGENCY, event_id="plan")
    send(office, plan.id, Move("T1", "G2", 12), event_id="send")
    return commit_plan(office, plan.id).orders[0].id


def told(store):
    """Return what the history of the team tells, the oldest first."""
    history = team_history(Context(store, LOCAL_ACTOR, clock=lambda: NOW), "T1")
    return [line.what for line in reversed(history)]


@pytest.mark.parametrize("answered", [1, 2])
def test_no_report_is_lost_or_doubled_when_the_server_is_killed_between_two(url, answered):
    store = Store.open(url)
    number = send_one(store)
    store.close()
    server = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, url, str(number)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout.readline() == "ready\n"
    server.stdin.write("".join(f"{step.value}\n" for step in STEPS))
    server.stdin.flush()
    for step in STEPS[:answered]:
        assert server.stdout.readline() == f"{step.value}\n"
    server.kill()
    server.communicate()

    again = Store.open(url)
    context = Context(again, LOCAL_ACTOR, clock=lambda: NOW)
    [one] = read_progress(context, EVENING, Patience())
    assert answered <= one.progress.step <= len(STEPS)
    for step in STEPS:  # whoever got no answer says it once more
        report_orders(context, [number], step)
    assert told(again) == [OrderEvent.SENT, *(OrderEvent(step.value) for step in STEPS)]
    again.close()


def test_of_two_who_report_a_team_at_once_one_is_first_and_the_other_sees_it(url):
    stores = [Store.open(url), Store.open(url)]
    number = send_one(stores[0])
    people = [Actor(name, Role.LOCAL) for name in ("甲", "乙")]
    contexts = [Context(store, actor, clock=lambda: NOW) for store, actor in zip(stores, people, strict=True)]
    barrier = Barrier(2)

    def report(context):
        barrier.wait()
        return report_orders(context, [number], OrderStep.ARRIVED)

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(report, contexts))
    first = next(k for k in range(2) if results[k].changed)
    assert results[first].changed == (number,)
    assert results[1 - first].changed == ()
    assert results[1 - first].earlier[number].actor == people[first].name
    assert told(stores[0]) == [OrderEvent.SENT, OrderEvent.ARRIVED]
    for store in stores:
        store.close()
