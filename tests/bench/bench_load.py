"""Many people at work in one server process: ``python -m tests.bench.bench_load --minutes 5 --sessions 200``.

The server runs on the demo of a district (2,000 grids, made up, ``services.demo``), in a process of its own. The people
are ``streamlit_client.Page``: each signed in by itself, nine of ten on 态势 and one on 调度, each acting every five
seconds on average (exponential waits) on a window, a zone or a layer, while the page itself looks for changes every
two seconds. In the middle of it a hundred more sign in at once; later another process changes the orders, and it is
told when each page showed that.

Times depend on what else the machine does: the load average stands beside them, and the processor time that the server
took for each run is the figure to compare. Without options this is the short form that ``make bench`` runs.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import psutil
from rich.console import Console
from rich.table import Table

from geo.schema import Layer
from services.accounts import DEMO_PASSWORD
from services.catalog.actions import Action
from services.context import Context, open_context
from services.demo import DemoSize, make_demo
from services.planning.orders import ORDERS
from tests.acting import act
from tests.bench.streamlit_client import ClientError, Page, Run, sign_in
from tests.serving import serving

EVERY_S: Final = 5.0
STORM: Final = 100
WATCHING_S: Final = 10.0
SEEN_WITHIN_S: Final = 60.0
OPENING_S: Final = 0.1
"""Between one person who opens the page and the next."""
ACCOUNTS: Final = ("demo-planner", "demo-district-commander", "demo-subdistrict-commander")
MB: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Timed:
    """Something that happened: when it began, and what it cost."""

    at: float
    path: str
    run: Run


@dataclass
class Told:
    """What was seen by everybody together."""

    opened: list[Timed] = field(default_factory=list)
    acted: list[Timed] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    storm_s: list[float] = field(default_factory=list)
    seen_s: list[float] = field(default_factory=list)
    """After how long each page showed what another process had changed."""
    storm_from: float = 0.0
    storm_to: float = 0.0


@dataclass(frozen=True, slots=True)
class Used:
    """What a process had used at a moment."""

    at: float
    cpu_s: float
    rss_mb: float
    looks: int


class Meter:
    """What the server uses, looked at twice a second for its highest memory."""

    def __init__(self, pid: int, pages: list[Page]) -> None:
        self._process, self._pages = psutil.Process(pid), pages
        self.peak_mb = 0.0

    def now(self) -> Used:
        """Return what it has used so far."""
        times, looks = self._process.cpu_times(), sum(page.looks for page in self._pages)
        rss = self._process.memory_info().rss / MB
        return Used(time.perf_counter(), times.user + times.system, rss, looks)

    async def watch(self) -> None:
        """Keep the peak, for ever."""
        while True:
            self.peak_mb = max(self.peak_mb, self._process.memory_info().rss / MB)
            await asyncio.sleep(0.5)


class Person:
    """Somebody at a page, who does the same things for the same seed."""

    def __init__(self, page: Page, grids: Sequence[str], seed: int, told: Told) -> None:
        self.page, self._grids, self._told = page, grids, told
        self._dice = random.Random(seed)

    async def open(self) -> None:
        """Open the page."""
        await self._note(self._told.opened, self.page.open())

    async def work(self, until: float) -> None:
        """Act until a moment of ``time.perf_counter``."""
        while True:
            await asyncio.sleep(self._dice.expovariate(1 / EVERY_S))
            if time.perf_counter() >= until:
                return
            await self._note(self._told.acted, self._act())

    async def _act(self) -> Run:
        throw, page = self._dice.random(), self.page
        if throw < 0.4:
            return await _press_window(page, self._dice.choice(_windows(page)))
        if page.path == "situation" and throw < 0.6:
            return await page.press("layer", self._dice.choice(page.labels["layer"]))
        if page.path == "situation" and throw < 0.75:
            return await page.choose("zones", self._dice.choice(page.words["zones"]))
        seq = f"{id(self)}-{self._dice.random()}"
        return await page.tell_map({"seq": seq, "level": "grids", "code": self._dice.choice(self._grids)})

    async def _note(self, to: list[Timed], doing: "asyncio.Future[Run] | object") -> None:
        start = time.perf_counter()
        try:
            run = await doing  # type: ignore[misc] - a coroutine of a run
        except (ClientError, OSError, TimeoutError) as error:
            self._told.errors.append(repr(error)[:300])
            return
        to.append(Timed(start, self.page.path, run))
        self._told.errors.extend(["an element shows a fault"] * run.faults)


async def measure(host: str, port: int, wanted: argparse.Namespace, pid: int, office: Context) -> bool:
    """Print what so many people at work cost; return whether nothing went wrong."""
    told, pages = Told(), []
    meter = Meter(pid, pages)
    console = Console(width=130)
    with office.look(Action.VIEW_COVERAGE) as tx:
        grids = sorted(tx.read_codes(Layer.GRIDS))
    await _warm_up(host, port)
    before = meter.now()
    watching = asyncio.create_task(meter.watch())
    people = []
    for place in range(wanted.sessions):
        cookie = await sign_in(host, port, ACCOUNTS[place % len(ACCOUNTS)], DEMO_PASSWORD)
        pages.append(Page(host, port, cookie, "reinforce" if place % 10 == 9 else "situation"))
        people.append(Person(pages[-1], grids, place, told))
    opened_from = meter.now()
    await _open_all(people)
    opened = meter.now()
    await asyncio.sleep(WATCHING_S)
    watched, busy = meter.now(), psutil.Process().cpu_times()
    until = time.perf_counter() + 60 * wanted.minutes
    crowd = [asyncio.create_task(person.work(until)) for person in people]
    await asyncio.sleep(30 * wanted.minutes)
    calm, runs = meter.now(), len(told.acted)
    await _storm(host, port, told)
    await _change(office, pages, told)
    await asyncio.gather(*crowd)
    acted, after = meter.now(), psutil.Process().cpu_times()
    watching.cancel()
    told.errors += [f"/whoami refused {page.refusals} times" for page in pages if page.refusals]
    for page in pages:
        await page.close()
    own = (after.user + after.system - busy.user - busy.system) / (acted.at - watched.at)
    _print_times(console, told)
    _print_use(
        console, told, wanted.sessions, (before, opened_from, opened, watched, calm, acted), runs, meter.peak_mb, own
    )
    for error in sorted(set(told.errors)):
        console.print(f"  {told.errors.count(error):>5}  {error}", markup=False)
    return not told.errors


async def _warm_up(host: str, port: int) -> None:
    """Look at every page and window once in every area: what is made once and shared by everybody is not measured."""
    for account, path in product(ACCOUNTS, ("situation", "reinforce")):
        page = await _open_when_ready(Page(host, port, await sign_in(host, port, account, DEMO_PASSWORD), path))
        for window in _windows(page):
            await _press_window(page, window)
            for layer in page.labels.get("layer", []):
                await page.press("layer", layer)
        await page.close()


async def _open_when_ready(page: Page) -> Page:
    """Open a page and return it once it shows its windows: the ways along roads are worked out first."""
    await page.open()
    while not _windows(page):
        await page.close()
        await asyncio.sleep(1.0)
        await page.open()
    return page


def _windows(page: Page) -> Sequence[str]:
    """Return the windows that a page offers: side by side on 态势, as buttons on 调度; none while it has none yet."""
    return page.words.get("outlook") or page.labels.get("window") or []


async def _press_window(page: Page, window: str) -> Run:
    return await (page.choose("outlook", window) if "outlook" in page.words else page.press("window", window))


async def _open_all(people: Sequence[Person]) -> None:
    opening = []
    for person in people:
        opening.append(asyncio.create_task(person.open()))
        await asyncio.sleep(OPENING_S)
    await asyncio.gather(*opening)


async def _storm(host: str, port: int, told: Told) -> None:
    """Let many sign in at once."""

    async def one(place: int) -> None:
        start = time.perf_counter()
        try:
            await sign_in(host, port, ACCOUNTS[place % len(ACCOUNTS)], DEMO_PASSWORD)
        except (ClientError, OSError, asyncio.IncompleteReadError) as error:
            told.errors.append(f"storm: {error!r}"[:100])
            return
        told.storm_s.append(time.perf_counter() - start)

    told.storm_from = time.perf_counter()
    await asyncio.gather(*(one(place) for place in range(STORM)))
    told.storm_to = time.perf_counter()


async def _change(office: Context, pages: Sequence[Page], told: Told) -> None:
    """Change the orders as another process does, and note when each page showed it."""
    with act(office, Action.COMMIT_PLAN) as work:
        work.tx.touch(ORDERS)
        version = max(work.tx.versions().values())
        work.note(what="load")
    start = time.perf_counter()
    while time.perf_counter() - start < SEEN_WITHIN_S and not all(version in page.seen for page in pages):
        await asyncio.sleep(0.1)
    told.seen_s += [page.seen[version] - start for page in pages if version in page.seen]
    blind = sum(version not in page.seen for page in pages)
    told.errors += [f"{blind} pages did not show what was changed"] * bool(blind)


def _print_times(console: Console, told: Told) -> None:
    table = Table(title=f"How long people waited (load average {_load()}, {os.cpu_count()} processors)")
    for column in ("what", "count", "p50 s", "p95 s", "p99 s", "longest s", "KB each"):
        table.add_column(column, justify="left" if column == "what" else "right")
    during = [timed for timed in told.acted if told.storm_from <= timed.at <= told.storm_to]
    rows = {
        "a page opened": told.opened,
        "a run on 态势": [timed for timed in told.acted if timed.path == "situation"],
        "a run on 调度": [timed for timed in told.acted if timed.path == "reinforce"],
        "every run": told.acted,
        f"runs begun while {STORM} signed in": during,
    }
    for name, timed in rows.items():
        size = sum(one.run.size for one in timed) / len(timed) / 1000 if timed else 0.0
        table.add_row(name, *_spread([one.run.seconds for one in timed]), f"{size:.0f}")
    table.add_row(f"sign-in, {STORM} at once", *_spread(told.storm_s), "")
    table.add_row("what another process changed, shown after", *_spread(told.seen_s), "")
    console.print(table)


def _print_use(
    console: Console, told: Told, sessions: int, moments: Sequence[Used], runs: int, peak_mb: float, own: float
) -> None:
    before, opened_from, opened, watched, calm, acted = moments
    idle = (watched.cpu_s - opened.cpu_s) / (watched.at - opened.at)
    at_work, spent = calm.at - watched.at, calm.cpu_s - watched.cpu_s
    an_opening = (opened.cpu_s - opened_from.cpu_s) / max(len(told.opened), 1)
    a_look = (watched.cpu_s - opened.cpu_s) / max(watched.looks - opened.looks, 1)
    a_run = (spent - idle * at_work) / max(runs, 1)
    table = Table(title=f"What the server used for {sessions} people, {acted.at - watched.at:.0f} s of work")
    table.add_column("what")
    table.add_column("figure", justify="right")
    for name, figure in {
        "memory before, MB": f"{before.rss_mb:.0f}",
        "memory with everybody there, MB": f"{opened.rss_mb:.0f}",
        "memory at most, MB": f"{peak_mb:.0f}",
        "memory at the end, MB": f"{acted.rss_mb:.0f}",
        "processor, everybody only watching": f"{idle:.2f}",
        "processor, everybody at work, until the storm": f"{spent / at_work:.2f}",
        "processor of this client meanwhile": f"{own:.2f}",
        "CPU ms a page opened": f"{1000 * an_opening:.0f}",
        "CPU ms a look for changes": f"{1000 * a_look:.1f}",
        "CPU ms a run (looks taken off, until the storm)": f"{1000 * a_run:.0f}",
        "errors": str(len(told.errors)),
    }.items():
        table.add_row(name, figure)
    console.print(table)


def _spread(seconds: Sequence[float]) -> tuple[str, str, str, str, str]:
    """Return count, p50, p95, p99 and longest as words."""
    ordered = sorted(seconds)
    if not ordered:
        return "0", "", "", "", ""
    at = [ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.95, 0.99)]
    return str(len(ordered)), *(f"{value:.3f}" for value in (*at, ordered[-1]))  # type: ignore[return-value] - four of them


def _load() -> str:
    return " ".join(f"{value:.1f}" for value in os.getloadavg())


def main() -> int:
    """Run the server and the people; 1 where something went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1.0, help="how long they work")
    parser.add_argument("--sessions", type=int, default=200)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        store = f"sqlite:///{Path(name) / 'load.gpkg'}"
        make_demo(open_context(store), DemoSize.DISTRICT)
        with serving(Path(name), "--store", store) as server:
            parts = urlsplit(server.address)
            well = asyncio.run(
                measure(str(parts.hostname), int(parts.port or 0), wanted, server.pid, open_context(store))
            )
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
