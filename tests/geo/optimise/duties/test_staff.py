"""Published optima of staff rosters by the same rows; the third takes half a minute (``bench_duties``)."""

import time

import pytest

from geo.optimise.solver import Deadline, minimise
from tests.bench.staff_rosters import OPTIMA, read_staff_roster, staff_model

SECONDS = 600.0


@pytest.mark.shared
@pytest.mark.parametrize("name", ["Instance1", "Instance2"])
def test_published_optima_of_staff_rosters_are_reached_and_proven(shared_data, name):
    model, goal, granted = staff_model(read_staff_roster(shared_data / "opt" / f"{name}.txt"))
    found = minimise(model, goal, Deadline(time.perf_counter() + SECONDS, lambda: False), SECONDS)
    assert (round(found.value + granted), found.is_proven) == (OPTIMA[name], True)
