"""The solver core against published optima: OR-Library's generalised assignment problems."""

import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from scipy.sparse import csr_array

from geo.optimise.solver import NOTHING_LEARNT, Deadline, Model, minimise, run_beside

OPTIMA = {
    1: (336, 327, 339, 341, 326),
    2: (434, 436, 420, 419, 428),
    3: (580, 564, 573, 570, 564),
    4: (656, 644, 673, 647, 664),
    5: (563, 558, 564, 568, 559),
    6: (761, 759, 758, 752, 747),
}


def never() -> bool:
    return False


def clock(seconds: float = 30.0) -> Deadline:
    return Deadline(time.perf_counter() + seconds, never)


def gap_instances(text: str):
    """The generalised assignment problems of an OR-Library file: profits, resources (agents × jobs), capacities."""
    numbers = iter(int(word) for word in text.split())
    for _ in range(next(numbers)):
        agents, jobs = next(numbers), next(numbers)
        profit = np.array([[next(numbers) for _ in range(jobs)] for _ in range(agents)])
        resource = np.array([[next(numbers) for _ in range(jobs)] for _ in range(agents)])
        yield profit, resource, np.array([next(numbers) for _ in range(agents)])


def assignment_model(resource, capacity) -> Model:
    """Every job goes to one agent, no agent takes more than it can."""
    agents, jobs = resource.shape
    once = np.tile(np.eye(jobs), agents)
    used = np.kron(np.eye(agents), np.ones(jobs)) * resource.reshape(-1)
    rows = csr_array(np.vstack([once, used]))
    low = np.concatenate([np.ones(jobs), np.full(agents, -np.inf)])
    high = np.concatenate([np.ones(jobs), capacity])
    return Model(rows, low, high, np.ones(agents * jobs), np.ones(agents * jobs, dtype=bool))


@pytest.mark.shared
@pytest.mark.parametrize("number", OPTIMA)
def test_published_optima_of_generalised_assignment_are_reached(shared_data, number):
    text = (shared_data / "opt" / f"gap{number}.txt").read_text()
    for (profit, resource, capacity), optimum in zip(gap_instances(text), OPTIMA[number], strict=True):
        found = minimise(assignment_model(resource, capacity), -profit.reshape(-1).astype(float), clock(), 30)
        assert (-found.value, found.is_proven) == (pytest.approx(optimum), True)
        assert -found.bound == pytest.approx(optimum)


def test_what_cannot_be_is_no_solution():
    model = Model(csr_array(np.ones((1, 2))), np.array([3.0]), np.array([np.inf]), np.ones(2), np.ones(2, dtype=bool))
    found = minimise(model, np.ones(2), clock(), 5)
    assert (found.values, found.is_proven) == (None, False)


def test_without_time_or_when_cancelled_nothing_is_learnt():
    model = Model(csr_array(np.ones((1, 2))), np.array([1.0]), np.array([np.inf]), np.ones(2), np.ones(2, dtype=bool))
    assert minimise(model, np.ones(2), clock(), 0) is NOTHING_LEARNT
    assert Deadline(time.perf_counter() + 9, lambda: True).left() == 0


def test_an_error_of_the_solver_is_raised():
    model = Model(csr_array(np.ones((1, 2))), np.array([1.0]), np.array([1.0]), np.ones(3), np.ones(2, dtype=bool))
    with pytest.raises(ValueError, match="broadcastable"):
        minimise(model, np.ones(2), clock(), 5)


def test_whatever_runs_beside_a_solver_is_called_until_it_answers():
    looks = []

    def meanwhile() -> bool:
        looks.append(None)
        return len(looks) < 3

    assert run_beside(lambda: time.sleep(0.1) or "answer", clock(), meanwhile) == "answer"
    assert len(looks) >= 3


def test_a_solver_that_overruns_its_time_is_not_waited_for():
    gate = threading.Event()
    assert run_beside(gate.wait, clock(0)) is None
    gate.set()


LEFT_ALONE = """
import atexit, threading, time
import numpy as np
from scipy.sparse import csr_array
from geo.optimise.solver import NOTHING_LEARNT, Deadline, Model, minimise

rng = np.random.default_rng(1)
weights = rng.integers(1, 100, (30, 400)).astype(float)
model = Model(csr_array(weights), np.full(30, -np.inf), np.full(30, 4800.0), np.ones(400), np.ones(400, bool))
atexit.register(lambda: print(threading.active_count()))
looks = iter([False, False])
clock = Deadline(time.perf_counter() + 9, lambda: next(looks, True))
assert minimise(model, -rng.integers(1, 100, 400).astype(float), clock, 0.5) is NOTHING_LEARNT
print(threading.active_count())
"""


def test_a_solver_left_alone_has_ended_when_the_program_ends():
    ended = subprocess.run([sys.executable, "-c", LEFT_ALONE], capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stdout.split(), ended.stderr) == (0, ["2", "1"], "")
