"""A server is killed while it imports 100,000 rows, on both stores: ``python -m tests.soak.imports``."""

import argparse
import base64
import os
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM_FLAGS
from tests.browser.signing import let_in
from tests.faults.importing import fill_for_import, import_through, kill_server_importing
from tests.postgres import find_binaries, running_cluster
from tests.services.planning.conftest import DATA

ROWS = 100_000


def main() -> None:
    """Kill servers on a store of each kind and print what came of it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=3)
    kills = asked.parse_args().kills
    os.environ.setdefault("GRIDMUSTER_KEY", base64.b64encode(bytes(range(32))).decode())
    os.environ.setdefault("GRIDMUSTER_DATA", str(DATA))
    binaries = find_binaries()
    assert binaries, "PostgreSQL with PostGIS is missing"
    with running_cluster(binaries) as cluster, tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=list(CHROMIUM_FLAGS))
        for kind, url in (("gpkg", f"sqlite:///{name}/town.gpkg"), ("postgis", cluster.url(cluster.new_database()))):
            fill_for_import(url)
            for _ in range(kills):
                page = let_in(browser.new_context(locale="zh-CN").new_page())
                kill_server_importing(page, url, Path(name), ROWS)
                page.context.close()
            took = import_through(url, ROWS)
            print(f"{kind}: server killed {kills} times in an import of {ROWS:,} rows, nothing of it there; ", end="")
            print(f"then through in {took:.0f} s", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
