"""An import that is killed on the way: nothing of it is there, and it goes through afterwards."""

import random
import time
from pathlib import Path

from geo.schema import Layer
from services.context import Context
from services.imports import Options, commit, make_upload, stage_file
from services.store import Store
from tests.services.planning.conftest import NOW, SOUTH, WEST

from .children import PROCESSES


def people_file(rows: int) -> bytes:
    """Return a table of people."""
    lines = (f"N{k:06d},党员{k},{WEST + 1e-9 * k:.9f},{SOUTH + 1e-9 * k:.9f}" for k in range(rows))
    return ("编码,姓名,经度,纬度\n" + "\n".join(lines) + "\n").encode()


def import_people(url: str, path: str, reached: object) -> None:
    """Import a file; say when the writing begins and when it has ended."""
    office = Context(Store.open(url), clock=lambda: NOW)
    staged = stage_file(office, make_upload("people.csv", Path(path).read_bytes()), Layer.MEMBERS, Options())
    reached.send("staged")
    commit(office, staged)
    reached.send("committed")


def kill_import(url: str, folder: Path, rows: int, *, kills: int, seed: int = 0) -> tuple[int, float]:
    """Kill an import again and again while it writes, then let it through; return kills in time, and its seconds."""
    chance, path = random.Random(seed), folder / "people.csv"
    path.write_bytes(people_file(rows))
    before, length, in_time = _state(url), 0.2 if rows > 50_000 else 0.02, 0
    for _ in range(kills):
        hearing, saying = PROCESSES.Pipe(duplex=False)
        child = PROCESSES.Process(target=import_people, args=(url, str(path), saying), daemon=True)
        child.start()
        saying.close()
        assert hearing.recv() == "staged"
        time.sleep(chance.uniform(0, length))  # the moment is what is drawn; nothing is waited for
        child.kill()
        child.join(30)
        if hearing.poll():
            try:
                assert hearing.recv() == "committed"
            except EOFError:
                pass
            else:
                raise AssertionError("the import was through before it was killed; draw earlier moments")
        in_time += 1
        assert _state(url) == before
        length *= 1.5 if rows > 50_000 else 1
    began = time.monotonic()
    office = Context(Store.open(url), clock=lambda: NOW)
    commit(office, stage_file(office, make_upload("people.csv", path.read_bytes()), Layer.MEMBERS, Options()))
    took = time.monotonic() - began
    with office.store.read() as tx:
        assert tx.count(Layer.MEMBERS) == before["members"] + rows
        assert not tx.trail.examine().faults
    office.store.close()
    return in_time, took


def _state(url: str) -> dict[str, int]:
    store = Store.open(url)
    try:
        with store.read() as tx:
            return tx.whole.counts()
    finally:
        store.close()
