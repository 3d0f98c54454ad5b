"""The screen for an hour, with data that change every few seconds: ``python -m tests.soak.screen --minutes 60``.

The server runs on the demo of a sub-district (made up, ``services.demo``). A writer settles members by hand to and
fro and, every fourth time, sends a team and calls it home. One Chromium shows ``/screen`` and turns every five
seconds. Each minute, after garbage was collected, these are told: the JavaScript heap, nodes and listeners (CDP,
``Performance.getMetrics``), and what the browser's page process, the whole browser and the server hold (RSS). The
slope is a least-squares line through the second half, when caches are full.
"""

import argparse
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import numpy as np
from playwright.sync_api import CDPSession, Page, sync_playwright

from geo.schema import Layer
from services import planning
from services.catalog.actions import Action
from services.context import Context, open_context
from services.demo import DemoSize, make_demo
from services.manual_assignment import assign_manually
from services.planning import Move, PlanningError
from services.rules.windows import Mode, Window, hours_ahead
from tests.browser.conftest import CHROMIUM_FLAGS
from tests.browser.signing import let_in
from tests.serving import serving

WRITE_EVERY_S = 3.0
SAMPLE_EVERY_S = 60.0
TURN_S = 5
MB = 1 << 20
COLUMNS = ("heap MB", "nodes", "listeners", "page MB", "browser MB", "server MB")


@dataclass(frozen=True)
class Sample:
    minute: float
    values: tuple[float, ...]
    changes: int


class Writer(threading.Thread):
    """Changes the data until it is told to stop."""

    def __init__(self, context: Context) -> None:
        super().__init__(daemon=True)
        self.context, self.changes, self.done = context, 0, threading.Event()
        with context.look(Action.VIEW_COVERAGE) as tx:
            self.members = sorted(tx.read_codes(Layer.MEMBERS))[:40]
            self.grids = sorted(tx.read_codes(Layer.GRIDS))[:7]
            teams = tx.read_layer(Layer.TEAMS)
        there = teams[teams["size"] > 0]["size"].head(50)
        self.sizes = {str(code): int(size) for code, size in there.items()}
        self.codes = list(self.sizes)

    def run(self) -> None:
        for k in count():
            if self.done.wait(WRITE_EVERY_S):
                return
            if k % 4 == 3:
                with suppress(PlanningError):
                    self.send_and_recall(k)
            else:
                assign_manually(self.context, self.members[k % 40], grid_code=self.grids[k % 7])
            self.changes += 1

    def send_and_recall(self, k: int) -> None:
        hours = hours_ahead(self.context.clock(), 4)
        window = Window(hours[0].start, hours[-1].end)
        plan = planning.create_plan(self.context, window, Mode.ROUTINE, event_id=f"soak-{k}")
        code = self.codes[k % len(self.codes)]
        move = Move(code, self.grids[k % 7], self.sizes[code])
        planning.send(self.context, plan.id, move, event_id=f"soak-{k}-send")
        orders = planning.commit_plan(self.context, plan.id).orders
        self.done.wait(WRITE_EVERY_S)
        for order in orders:
            planning.recall_order(self.context, order.id, reason="soak")


def main() -> None:
    """Print a line each minute, then the slopes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--picture", type=Path, help="where to keep a picture of the screen at the end (PNG)")
    wanted = parser.parse_args()
    with running() as (page, cdp, writer, server_pid):
        samples = take_samples(page, cdp, writer, server_pid, wanted.minutes)
        if wanted.picture:
            page.screenshot(path=wanted.picture)
    tell_slopes(samples)


@contextmanager
def running() -> Iterator[tuple[Page, CDPSession, Writer, int]]:
    """Give a screen that is shown while a writer changes the data."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        url = f"sqlite:///{Path(name) / 'soak.gpkg'}"
        context = open_context(url)
        make_demo(context, DemoSize.SUBDISTRICT)
        with serving(Path(name), "--store", url) as server:
            browser = driver.chromium.launch(
                executable_path="/usr/bin/chromium", args=[*CHROMIUM_FLAGS, "--js-flags=--expose-gc"]
            )
            page = let_in(browser.new_page(viewport={"width": 1920, "height": 1080}, locale="zh-CN"), "demo-screen")
            cdp = page.context.new_cdp_session(page)
            cdp.send("Performance.enable")
            page.goto(f"{server.address}/screen?turn={TURN_S}")
            page.locator(".figure").first.wait_for(timeout=60_000)
            writer = Writer(context)
            writer.start()
            yield page, cdp, writer, server.pid
            writer.done.set()
            writer.join(20)
            browser.close()


def take_samples(page: Page, cdp: CDPSession, writer: Writer, server_pid: int, minutes: float) -> list[Sample]:
    """Print and return a sample at once and each minute."""
    print(f"{'minute':>7}" + "".join(f"{name:>12}" for name in COLUMNS) + f"{'changes':>9}{'answer':>24}")
    start, samples = time.monotonic(), []
    while True:
        minute = (time.monotonic() - start) / 60
        values = (*measure_page(cdp), *measure_processes(server_pid))
        samples.append(Sample(minute, values, writer.changes))
        version = page.locator("#source").inner_text()[-23:]
        figures = "".join(f"{value:12.1f}" for value in values)
        print(f"{minute:7.1f}{figures}{writer.changes:9d}  {version}", flush=True)
        if minute >= minutes:
            return samples
        assert writer.is_alive(), "the writer stopped"
        page.wait_for_timeout(1000 * min(SAMPLE_EVERY_S, max(1.0, 60 * (minutes - minute))))


def measure_page(cdp: CDPSession) -> tuple[float, float, float]:
    """Return heap (MB), nodes and listeners of the page after its garbage was collected."""
    cdp.send("HeapProfiler.collectGarbage")
    told = {metric["name"]: metric["value"] for metric in cdp.send("Performance.getMetrics")["metrics"]}
    return told["JSHeapUsedSize"] / MB, told["Nodes"], told["JSEventListeners"]


def measure_processes(server_pid: int) -> tuple[float, float, float]:
    """Return what the page's process, all processes of the browser, and the server hold, in MB."""
    browser = [pid for pid in descendants(os.getpid()) if "chrom" in command_of(pid)]
    pages = [pid for pid in browser if "--type=renderer" in command_of(pid)]
    return max(map(rss_mb, pages), default=0.0), sum(map(rss_mb, browser)), rss_mb(server_pid)


def descendants(root: int) -> list[int]:
    """Return the processes below one."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def rss_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def tell_slopes(samples: list[Sample]) -> None:
    """Print how much each figure grows in an hour, by a line through the second half."""
    late = samples[len(samples) // 2 :]
    if len(late) < 2:
        return
    minutes = np.array([sample.minute for sample in late])
    slopes = np.polyfit(minutes, np.array([sample.values for sample in late]), 1)[0] * 60
    print(f"{'an hour':>7}" + "".join(f"{slope:+12.1f}" for slope in slopes))


if __name__ == "__main__":
    main()
