"""Three liaisons who answer packages of one gate until they are killed: what was answered stands, no seat is two's."""

import json
import os
import random
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from services import rostering
from services.context import Context
from services.errors import ServiceError
from services.rostering.package_rows import package_from_row
from services.rules.roster.packages import PackageState
from services.rules.windows import DAY, Window
from services.store import Store
from tests.forked import PROCESSES
from tests.services.planning.conftest import NOW
from tests.services.rostering.package_world import OFFER, fill_units

ROUNDS: Final = 3
WRITERS: Final = 3
PATIENCE_S: Final = 60.0
ANSWERED: Final = 12


def test_what_was_answered_stands_and_no_seat_is_two_units(town_url, tmp_path):
    with closing(Store.open(town_url)) as store:
        fill_units(Context(store, clock=lambda: NOW))
    for seed in range(ROUNDS):
        answers = [tmp_path / f"{seed}-{writer}" for writer in range(WRITERS)]
        _kill_three(town_url, answers, seed)
        _check(town_url, [json.loads(line) for path in answers for line in _whole_lines(path)])


def _kill_three(url: str, answers: list[Path], seed: int) -> None:
    writers = [
        PROCESSES.Process(target=_write_on, args=(url, str(path), f"{seed}-{path.name}"), daemon=True)
        for path in answers
    ]
    for writer in writers:
        writer.start()
    until = time.monotonic() + PATIENCE_S
    while sum(len(_whole_lines(path)) for path in answers) < ANSWERED:
        assert time.monotonic() < until, "nobody is answered"
        time.sleep(0.002)
    for writer in writers:
        writer.kill()
        writer.join(20)
        assert writer.exitcode == -9


def _write_on(url: str, path: str, event: str) -> None:
    chance, context = random.Random(event), Context(Store.open(url), clock=lambda: NOW)
    kept = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in range(10**9):
        made = rostering.offer_package(context, OFFER, event_id=f"{event}-{number}").id
        try:
            for answer in _answers(context, chance, made):
                os.write(kept, json.dumps(answer).encode() + b"\n")
        except ServiceError:
            continue  # another package holds the gate: a right answer that changes nothing


def _answers(context: Context, chance: random.Random, number: int) -> Iterator[dict[str, Any]]:
    """Accept, name people, and make room again; yield what was answered."""
    rostering.accept_package(context, number)
    rostering.split_package(context, number, 4, 2)
    people = chance.sample(range(1, 20), 2)
    rostering.name_batch(context, number, 1, [f"党员{each}" for each in people])
    yield {"package": number, "members": [f"M{each:03d}" for each in people]}
    rostering.release_seats(context, number, Window(NOW, NOW + DAY))
    rostering.withdraw_package(context, number)
    yield {"package": number, "state": PackageState.WITHDRAWN}


def _check(url: str, answers: list[dict[str, Any]]) -> None:
    with closing(Store.open(url)) as store:
        with store.read() as tx:
            packages = {row["id"]: package_from_row(row) for row in tx.packages.read_packages()}
            assert not tx.trail.examine().faults
        assert len(answers) >= ANSWERED
        for answer in answers:
            package = packages[answer["package"]]
            assert package.state == answer.get("state", package.state)
            assert package.batches[0].members == set(answer.get("members", package.batches[0].members))
        accepted = [package for package in packages.values() if package.state is PackageState.ACCEPTED]
        assert len(accepted) <= 1, "two units hold the gate"
        for package in accepted:  # whoever was killed in between: the next round goes on
            rostering.withdraw_package(Context(store, clock=lambda: NOW), package.id)


def _whole_lines(path: Path) -> list[bytes]:
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    return [line for line in lines if line.endswith(b"\n")]
