"""A database that is restarted while somebody works on it."""

import random
import threading
import time

from services.context import Context
from services.planning import Move, create_plan, read_plan, send
from services.rules.windows import Mode
from services.store import Store, StoreLostError
from tests.services.planning.conftest import EVENING, NOW

from .killing import Tally

LONGEST_S = 60.0


def restart_in_mid_request(cluster, url: str, times: int, seed: int = 0) -> tuple[Tally, int]:
    """Send moves from two threads while the database is restarted; return what was answered, and refusals.

    Every change that was answered must be there, every fault must be a sentence, and work must go on by itself.
    """
    store = Store.open(url)
    office, chance = Context(store, clock=lambda: NOW), random.Random(seed)
    plans = [create_plan(office, EVENING, Mode.EMERGENCY, event_id=f"plan{seed}{k}").id for k in range(2)]
    stop, answered, refused, wrong = threading.Event(), [0, 0], [0, 0], []

    def work(k: int) -> None:
        while not stop.is_set():
            try:
                send(office, plans[k], Move("T1", "G2", 1 + answered[k] % 11), event_id=f"e{seed}-{k}-{answered[k]}")
                answered[k] += 1
            except StoreLostError:
                refused[k] += 1
            except Exception as error:  # noqa: BLE001 - any other fault is what is looked for
                wrong.append(repr(error))
                return

    threads = [threading.Thread(target=work, args=(k,)) for k in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(times):
        _wait_for_answers(answered, 1 + chance.randrange(4), wrong)
        cluster.stop()
        cluster.start()
    _wait_for_answers(answered, 1, wrong)
    stop.set()
    for thread in threads:
        thread.join(60)
    assert not wrong, wrong
    for k, plan in enumerate(plans):
        kept = read_plan(office, plan).undoable
        assert answered[k] <= kept <= answered[k] + 1
    with store.read() as tx:
        assert not tx.trail.examine().faults
    store.close()
    return Tally(times, sum(answered)), sum(refused)


def _wait_for_answers(answered: list[int], more: int, wrong: list[str]) -> None:
    """Wait until everybody was answered so many times more, or something is wrong."""
    seen, until = list(answered), time.monotonic() + LONGEST_S
    while not wrong and any(now < before + more for now, before in zip(answered, seen, strict=True)):
        assert time.monotonic() < until, "work does not go on by itself"
        time.sleep(0.01)
