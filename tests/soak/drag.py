"""A team is dragged while the line is gone for a minute: ``python -m tests.soak.drag``; the drop must count once."""

import argparse
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM_FLAGS
from tests.browser.planning import PICK, Evening, lift, open_planner
from tests.browser.signing import let_in
from tests.line import lined
from tests.serving import serving


def main() -> None:
    """Cut the line while a team is in the air, drop it, mend the line, and tell how long it took to be confirmed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    wanted = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as name,
        serving(Path(name), "--demo") as server,
        lined(server.address) as line,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=list(CHROMIUM_FLAGS))
        page = let_in(browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN"))
        evening = Evening(line.address, "window=tonight&mode=emergency")
        frame = open_planner(page, evening)
        pick = frame.evaluate(PICK)
        lift(page, frame, pick)
        line.cut()
        page.wait_for_timeout(1000 * wanted.seconds / 2)
        page.mouse.up()
        page.wait_for_timeout(1000 * wanted.seconds / 2)
        line.mend()
        began = time.monotonic()
        frame.wait_for_function("map.gmBoard.moves.length === 1 && map.gmBoard.pending.length === 0", timeout=90_000)
        took = time.monotonic() - began
        frame = open_planner(page, evening)
        frame.wait_for_function("map.gmBoard.moves.length === 1 && map.gmBoard.pending.length === 0", timeout=30_000)
        print(f"{wanted.seconds:.0f} s offline during a drag: confirmed {took:.1f} s after the line was back, once")
        browser.close()


if __name__ == "__main__":
    main()
