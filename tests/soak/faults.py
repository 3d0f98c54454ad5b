"""The long campaigns of faults: ``python -m tests.soak.faults``; a table in the end, and a failure ends it at once."""

import argparse
import base64
import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from services.i18n import use_language
from services.store import Store
from tests.faults.damaging import flip_bytes
from tests.faults.killing import Tally, check, kill_three, write_on
from tests.faults.restarting import restart_in_mid_request
from tests.postgres import Cluster, find_binaries, running_cluster
from tests.services.planning.conftest import DATA, fill

Line = tuple[str, str, str]


def main() -> None:
    """Run the campaigns that are asked for and print what came of each."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--only", choices=CAMPAIGNS, nargs="*", default=list(CAMPAIGNS))
    asked.add_argument("--folder", default=None, help="where the stores lie; a temporary folder by default")
    given = asked.parse_args()
    os.environ.setdefault("GRIDMUSTER_KEY", base64.b64encode(bytes(range(32))).decode())
    os.environ.setdefault("GRIDMUSTER_DATA", str(DATA))
    use_language("zh")
    binaries = find_binaries()
    assert binaries, "PostgreSQL with PostGIS is missing"
    lines: list[Line] = []
    with running_cluster(binaries) as cluster, tempfile.TemporaryDirectory(dir=given.folder) as folder:
        for name in given.only:
            for number, (what, figures) in enumerate(CAMPAIGNS[name](cluster, Path(folder))):
                lines.append((name if not number else "", what, figures))
                print(name, what, figures, sep=" | ", flush=True)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    print()
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)))


def _killed_writers(cluster: Cluster, folder: Path) -> Iterator[tuple[str, str]]:
    for kind, url in _stores(cluster, folder):
        began = time.monotonic()
        tally = sum((kill_three(url, folder, seed, write_on, check) for seed in range(40)), Tally())
        said = f"{tally.rounds} rounds, {tally.answered} changes answered, 0 lost, {time.monotonic() - began:.0f} s"
        yield kind, said


def _restarts(cluster: Cluster, folder: Path) -> Iterator[tuple[str, str]]:
    del folder
    name = cluster.new_database()
    _fill(cluster.url(name))
    began = time.monotonic()
    tally, refused = restart_in_mid_request(cluster, cluster.url(name), 20)
    said = f"{tally.rounds} restarts, {tally.answered} changes answered, 0 lost, {refused} refused with a sentence"
    yield "postgis", f"{said}, {time.monotonic() - began:.0f} s"


def _flipped(cluster: Cluster, folder: Path) -> Iterator[tuple[str, str]]:
    del cluster
    path = folder / "flipped.gpkg"
    _fill(f"sqlite:///{path}")
    found = flip_bytes(path, folder, 300)
    yield "gpkg", ", ".join(f"{count} {what}" for what, count in found.items())


CAMPAIGNS: dict[str, Callable[[Cluster, Path], Iterator[tuple[str, str]]]] = {
    "kill three writers": _killed_writers,
    "restart the database": _restarts,
    "flip a byte": _flipped,
}


def _stores(cluster: Cluster, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield a filled store of each kind."""
    with contextlib.suppress(FileNotFoundError):
        (folder / "town.gpkg").unlink()
    name = cluster.new_database()
    for kind, url in (("gpkg", f"sqlite:///{folder}/town.gpkg"), ("postgis", cluster.url(name))):
        _fill(url)
        yield kind, url


def _fill(url: str) -> None:
    store = Store.open(url)
    fill(store)
    store.close()


if __name__ == "__main__":
    main()
