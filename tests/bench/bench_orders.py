"""Reading and counting 1,000 orders, half of them reported: ``python -m tests.bench.bench_orders``.

The store is the demo at two sizes (made up, ``services.demo``); half of the orders are reported. The board of 派单 is
to be drawn within 0.3 s, also when a report has just changed it.
"""

import os
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
from streamlit.testing.v1 import AppTest

from dashboard.streamlit import session
from services import planning
from services.assignment import assign_members
from services.context import open_context
from services.demo import DemoSize, fill_store, make_district
from services.rules.order_steps import OrderStep, Patience
from services.rules.roles import LOCAL_ACTOR
from services.rules.windows import Window
from tests.many_orders import add_orders

MANY = 1_000
ROUNDS = 9
PAGE = Path(__file__).parents[2] / "dashboard" / "pages" / "orders" / "orders.py"


def main() -> None:
    """Print what was measured."""
    session.actor = lambda: LOCAL_ACTOR  # nobody is at the page
    for size in (DemoSize.SUBDISTRICT, DemoSize.DISTRICT):
        with tempfile.TemporaryDirectory() as folder:
            _measure(f"sqlite:///{Path(folder) / 'bench.gpkg'}", size)


def _measure(url: str, size: DemoSize) -> None:
    os.environ["GRIDMUSTER_STORE"] = url
    context = open_context(url)
    fill_store(context, make_district(size))
    assign_members(context)
    add_orders(context, MANY)
    around = Window(context.clock() - timedelta(hours=24), context.clock() + timedelta(hours=72))
    board = planning.read_progress(context, around, Patience())
    reported = sum(one.progress is OrderStep.ARRIVED for one in board)
    print(f"{size.value}: {len(board)} orders, {reported} of them reported")
    _tell("the board is read", lambda: planning.read_progress(context, around, Patience()))
    _tell("people are counted", lambda: planning.read_order_steps(context, around))
    page = AppTest.from_file(PAGE, default_timeout=120)
    page.run()
    _tell("the page is drawn again", page.run)
    open_ones = [one.order.id for one in board if not one.is_over(context.clock()) and not one.reports]
    reports = iter(open_ones)

    def report_and_draw() -> None:
        planning.report_orders(context, [next(reports)], OrderStep.ARRIVED)
        page.run()

    _tell("reported, drawn again", report_and_draw)


def _tell(what: str, act_once: Callable[[], object]) -> None:
    times = []
    for _round in range(ROUNDS):
        begin = time.perf_counter()
        act_once()
        times.append(1_000 * (time.perf_counter() - begin))
    print(f"{what:<24} {np.median(times):>6.0f} ms (p95 {np.percentile(times, 95):.0f} ms)")


if __name__ == "__main__":
    main()
