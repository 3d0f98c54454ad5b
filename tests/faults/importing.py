"""A server that is killed while it imports: nothing of the import is there, and it goes through afterwards."""

import contextlib
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
from playwright.sync_api import Page, expect
from pysqlite3 import dbapi2 as sqlite

from geo.schema import Layer
from services.accounts import make_demo_accounts
from services.context import Context
from services.imports import Options, commit, make_upload, stage_file
from services.store import Store
from tests.services.planning.conftest import fill
from tests.serving import Server, serving

PATIENCE_S = 60.0
LOOKS = 5
"""So many looks, one after the other, must find somebody writing: what else a server writes is done at once."""


def people_file(rows: int) -> bytes:
    """Return a table of people."""
    lines = (f"N{k:06d},党员{k},138{k:08d}" for k in range(rows))
    return ("编码,姓名,手机\n" + "\n".join(lines) + "\n").encode()


def fill_for_import(url: str) -> None:
    """Fill a store with the small town and let people of the demo sign in."""
    store = Store.open(url)
    fill(store)
    make_demo_accounts(Context(store))
    store.close()


def kill_server_importing(page: Page, url: str, folder: Path, rows: int) -> None:
    """Kill a server while it imports on somebody's click; nothing of it may be there.

    Parameters
    ----------
    page
        A page that signs in wherever it goes.
    """
    before = _state(url)
    with serving(folder, "--store", url) as server:
        _stage(page, server, people_file(rows), rows)
        with _midst_of_writing(url) as wait:
            page.locator(".st-key-write button:enabled").click(timeout=1000 * PATIENCE_S)
            wait()
            os.kill(server.pid, signal.SIGKILL)
    assert _state(url) == before


def import_through(url: str, rows: int) -> float:
    """Import what a killed server did not, and return how many seconds that took."""
    with _store(url) as store:
        office, began = Context(store), time.monotonic()
        upload = make_upload("people.csv", people_file(rows))
        assert commit(office, stage_file(office, upload, Layer.MEMBERS, Options())).inserted == rows
        took = time.monotonic() - began
        with store.read() as tx:
            assert not tx.trail.examine().faults
    return took


def _stage(page: Page, server: Server, content: bytes, rows: int) -> None:
    page.goto(f"{server.address}/data")
    expect(page.locator(".gm-layers")).to_be_visible(timeout=1000 * PATIENCE_S)
    page.locator(".st-key-import-layer input").click()
    page.get_by_role("option", name=re.compile("^在职党员")).first.click()
    expect(page.locator(".st-key-import-layer input")).to_have_value(re.compile("在职党员"))
    given = {"name": "people.csv", "mimeType": "text/csv", "buffer": content}
    page.locator(".st-key-chooser input[type=file]").set_input_files(given)
    expect(page.locator(".st-key-import-head")).to_contain_text(f"可导入 {rows:,} 行", timeout=2000 * PATIENCE_S)


@contextlib.contextmanager
def _midst_of_writing(url: str) -> Iterator[Callable[[], None]]:
    """Give a function that waits until somebody is in the midst of writing to a store."""
    if url.startswith("sqlite"):
        yield lambda: _wait_for_writer(url.removeprefix("sqlite:///"))
        return
    # Whoever writes comes to the audit row last and finds the table closed: everything else is written by then.
    with psycopg.connect(url.replace("+psycopg", "")) as holder:
        holder.execute("LOCK TABLE audit IN SHARE MODE")
        yield lambda: _wait_until(lambda: holder.execute(_WAITING).fetchone() is not None)


_WAITING = "SELECT 1 FROM pg_locks WHERE relation = CAST('audit' AS regclass) AND NOT granted"


def _wait_for_writer(path: str) -> None:
    with closing(sqlite.connect(path, timeout=0, isolation_level=None)) as other:
        found = [0]

        def is_writing() -> bool:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite.OperationalError:
                found[0] += 1
            else:
                other.execute("ROLLBACK")
                found[0] = 0
            return found[0] == LOOKS

        _wait_until(is_writing)


def _wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until, "nobody writes"
        time.sleep(0.002)


@contextlib.contextmanager
def _store(url: str) -> Iterator[Store]:
    store = Store.open(url)
    try:
        yield store
    finally:
        store.close()


def _state(url: str) -> dict[str, int]:
    """Return how many rows there are of what an import writes."""
    with _store(url) as store, store.read() as tx:
        counts = tx.whole.counts()
        return {name: counts[name] for name in ("members", "batches", "replaced_rows", "header_maps")}
