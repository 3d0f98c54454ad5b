"""A disk that is full: a sentence, nothing half written, and work goes on when there is space again."""

import pytest
from sqlalchemy import event

from geo.schema import Layer
from services.context import Context
from services.imports import Options, commit, make_upload, stage_file
from services.store import Store, StoreLostError
from services.store.tables import metadata
from tests.services.planning.conftest import EVENING, NOW

from .children import Bounds, run_command
from .importing import people_file

WINDOW = f"{EVENING.start.isoformat()}/{EVENING.end.isoformat()}"
WRITES = (
    ("export", "grids", "--out", "o.gpkg"),
    ("export", "members", "--out", "o.csv"),
    ("coverage", "--out", "o.png", "--window", WINDOW),
    ("brief", "--out", "o.pptx", "--window", WINDOW),
    ("person", "export", "M001", "--out", "o.json"),
    ("backup", "--out", "backups"),
)

UNITS = "单位编码,单位名称\nU1,区税务局\nU2,市第二医院\n".encode()


def rows_of(store):
    with store.read() as tx:
        return {name: tx.whole.fingerprint(name) for name in metadata.tables}


def test_an_import_on_a_full_disk_leaves_nothing_and_goes_through_later(town_file):
    store = Store.open(f"sqlite:///{town_file}")
    office = Context(store, clock=lambda: NOW)
    staged = stage_file(office, make_upload("a.csv", people_file(3_000)), Layer.MEMBERS, Options())
    before = rows_of(store)
    most = [0]

    @event.listens_for(store.engine, "begin")
    def _limit(connection):
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + most[0] if most[0] is not None else 2**30}")

    for pages in (0, 5, 40):
        most[0] = pages
        with pytest.raises(StoreLostError, match="full"):
            commit(office, staged)
        assert rows_of(store) == before
    most[0] = None
    assert commit(office, staged).inserted == 3_000
    store.close()


@pytest.fixture
def full_device(cluster, filled_database):
    """Return a filled database whose rows of units go to a device that is full, and a function that mends it."""
    name = cluster.new_database(template=filled_database)
    kept = cluster.file_of(name, "units")
    assert kept.stat().st_size == 0, "rows on the device would be gone"
    aside = kept.with_name(f"{kept.name}.aside")
    kept.rename(aside)
    kept.symlink_to("/dev/full")
    yield cluster.url(name), lambda: aside.replace(kept)
    cluster.drop(name)


def test_an_import_into_a_full_database_leaves_nothing_and_goes_through_later(full_device):
    url, mend = full_device
    store = Store.open(url)
    office = Context(store, clock=lambda: NOW)
    staged = stage_file(office, make_upload("a.csv", UNITS), Layer.UNITS, Options())
    before = rows_of(store)
    with pytest.raises(StoreLostError, match="No space left on device"):
        commit(office, staged)
    assert rows_of(store) == before
    mend()
    store.close()  # PostgreSQL has the device open as long as it serves the connection
    assert commit(office, staged).inserted == 2
    store.close()


@pytest.mark.parametrize("words", WRITES, ids=lambda words: " ".join(words[:2]))
def test_a_file_that_does_not_fit_is_not_left_in_part(words, town_file, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    out = folder / words[words.index("--out") + 1]
    if out.suffix not in {"", ".json"}:
        out.write_bytes(b"what was there before")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    done = run_command(folder, *words, "--store", f"sqlite:///{town_file}", bounds=SMALL)
    assert done.code == 1, done.said
    assert "Traceback" not in done.said
    assert "unexpected" not in done.said, done.said
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    done = run_command(folder, *words, "--store", f"sqlite:///{town_file}")
    assert done.code == 0, done.said
    assert not out.suffix or out.stat().st_size > len(before.get(out, b""))


SMALL = Bounds(file_size=300)
"""Longest file in bytes: no export fits, and no page of the store either."""
