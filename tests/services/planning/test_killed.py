"""A program killed at any moment: every move that was answered is there once, and none is there twice."""

import subprocess
import sys

import pytest

from services.context import Context
from services.planning import Move, create_plan, read_plan, send
from services.rules.windows import Mode
from services.store import Store

from .conftest import EVENING, NOW

PROGRAM = """
import sys
from datetime import datetime
from services.context import Context
from services.planning import Move, send
from services.store import Store

context = Context(Store.open(sys.argv[1]), clock=lambda: datetime(2026, 11, 25, 12))
print("ready", flush=True)
for k, line in enumerate(sys.stdin):
    send(context, int(sys.argv[2]), Move("T1", "G2", 1 + k % 11), event_id=line.strip())
    print(line, end="", flush=True)
"""


@pytest.mark.parametrize("answered", [1, 4])
def test_no_move_is_lost_or_doubled_when_the_server_is_killed_between_two(tmp_path, store, answered):
    url = f"sqlite:///{tmp_path}/store.gpkg"
    plan = create_plan(Context(store, clock=lambda: NOW), EVENING, Mode.ROUTINE, event_id="plan")
    store.close()
    command = [sys.executable, "-c", PROGRAM, url, str(plan.id)]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdout.readline() == "ready\n"
    events = [f"e{k}" for k in range(answered + 3)]
    server.stdin.write("".join(f"{event}\n" for event in events))
    server.stdin.flush()
    for event in events[:answered]:
        assert server.stdout.readline() == f"{event}\n"
    server.kill()
    server.communicate()

    again = Store.open(url)
    context = Context(again, clock=lambda: NOW)
    done = read_plan(context, plan.id).undoable
    assert answered <= done <= len(events)
    for k, event in enumerate(events):
        plan = send(context, plan.id, Move("T1", "G2", 1 + k % 11), event_id=event)
    assert plan.undoable == len(events)
    assert [move.people for move in plan.moves] == [1 + (len(events) - 1) % 11]
    again.close()
