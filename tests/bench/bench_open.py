"""Page 调度 opened at 2,000 grids, measured by part in Chromium: ``python -m tests.bench.bench_open``.

Milliseconds from the address, or from a press on the menu, until each part is there: the page's HTML, Streamlit's
scripts run, the line to the server open, the plan's line and the weak grids drawn, the map painted. The browser has
been there before, so that its scripts are kept. Beside it stands an empty page of Streamlit in the same run: what no
page of ours can be faster than.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import numpy as np
from playwright.sync_api import Page, sync_playwright

from services.accounts import make_demo_accounts
from services.assignment import assign_members
from services.context import open_context
from services.demo import DemoSize, fill_store, make_district
from tests.browser.conftest import CHROMIUM_FLAGS
from tests.browser.planning import QUERY
from tests.browser.signing import enter
from tests.browser.waiting import until
from tests.serving import free_port, serving

TIMES = 5
PARTS = ("html", "scripts", "line", "plan", "weak", "map")
MARKS = """if (window === window.top) {
  window.gmFrom = 0; window.gmAt = {};
  const note = name => { gmAt[name] ??= performance.now() - gmFrom; };
  const seek = {plan: ".st-key-planbar button", weak: ".st-key-worklist .gm-work", empty: ".stMarkdown p"};
  const look = () => {
    for (const [name, css] of Object.entries(seek)) if (document.querySelector(css)) note(name);
    if (document.querySelector("iframe[src*='folium']")?.contentWindow.gmShown) note("map");
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  window.WebSocket = class extends WebSocket {
    constructor(...args) { super(...args); this.addEventListener("open", () => note("line")); }
  };
  addEventListener("DOMContentLoaded", () => {
    gmAt.html = performance.getEntriesByType("navigation")[0].responseEnd; note("scripts");
  });
}"""
PRESS = """() => { window.gmAt = {}; window.gmFrom = performance.now();
  [...document.querySelectorAll("header a")].find(link => link.textContent.includes("调度")).click(); }"""
EMPTY = "import streamlit as st\n\nst.write('.')\n"


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as play:
        folder = Path(name)
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=list(CHROMIUM_FLAGS))
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        context.add_init_script(MARKS)
        page = context.new_page()
        print(f"{'':>14}" + "".join(f"{part:>9}" for part in PARTS) + f"{'load':>7}   ms")
        with _empty_page(folder) as address:
            _print("empty page", [_open(page, address, "empty") for _ in range(TIMES + 1)])
        with serving(folder, "--store", _make_store(folder)) as server:
            enter(context, server.address)
            address = f"{server.address}/reinforce?{QUERY}"
            _print("by address", [_open(page, address, "map") for _ in range(TIMES + 1)])
            _print("by the menu", [_press(page, server.address) for _ in range(TIMES + 1)])
        browser.close()


def _make_store(folder: Path) -> str:
    url = f"sqlite:///{folder / 'bench.gpkg'}"
    context = open_context(url)
    fill_store(context, make_district(DemoSize.DISTRICT))
    assign_members(context)
    make_demo_accounts(context)
    return url


@contextmanager
def _empty_page(folder: Path) -> Iterator[str]:
    """Serve a page of Streamlit that shows a full stop; its address."""
    script, port = folder / "empty.py", free_port()
    script.write_text(EMPTY, encoding="utf-8")
    options = ("--server.headless=true", "--browser.gatherUsageStats=false", "--server.fileWatcherType=none")
    words = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}", *options]
    process = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(20)


def _wait(address: str) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        with suppress(URLError, OSError), urlopen(address, timeout=5):
            return
        time.sleep(0.1)
    raise AssertionError(address)


def _open(page: Page, address: str, last: str) -> dict[str, float]:
    page.goto(address)
    return _marks(page, last)


def _press(page: Page, address: str) -> dict[str, float]:
    page.goto(f"{address}/?{QUERY}")
    until(page, "[...document.querySelectorAll('header a')].some(link => link.textContent.includes('调度'))")
    until(page, "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'")
    page.evaluate(PRESS)
    return _marks(page, "map")


def _marks(page: Page, last: str) -> dict[str, float]:
    until(page, "last => last in gmAt && (last === 'empty' || 'weak' in gmAt)", last, seconds=120)
    marks: dict[str, float] = page.evaluate("gmAt")
    return marks


def _print(name: str, runs: list[dict[str, float]]) -> None:
    """Print the medians, the first run left out: it fetches the scripts and works out the ways."""
    kept = [run | {"weak": run.get("weak", run.get("empty", np.nan))} for run in runs[1:]]
    row = (np.median([run.get(part, np.nan) for run in kept]) for part in PARTS)
    print(f"{name:>14}" + "".join(f"{value:>9.0f}" for value in row) + f"{os.getloadavg()[0]:>7.1f}")


if __name__ == "__main__":
    main()
