"""What planning looks at, and what the browser needs of it."""

from collections.abc import Callable

from dashboard.cache.by_version import by_version
from dashboard.cache.coverage import inputs_of_area
from dashboard.cache.server_context import acting
from dashboard.cache.store_versions import of_data, of_shown
from dashboard.payloads.drag import pack_ground
from dashboard.streamlit.job import Job
from dashboard.web.blobs import BLOBS, Readers
from services import planning
from services.catalog.actions import Action, Role
from services.planning import Order, PlanningSnapshot
from services.planning.service_overview import ServiceOverview, read_service_overview
from services.rules.windows import Mode, Window


def planning_snapshot(mode: Mode, window: Window) -> PlanningSnapshot:
    """Return what planning looks at in a window; its clock stands at the present."""
    return _snapshot(mode, window).at(acting(Action.PLAN).clock())


def service_overview(window: Window) -> ServiceOverview:
    """Return the orders of a window, and how many members live in each grid, as the role of whoever looks sees it."""
    return _service_overview(acting(Action.VIEW_ORDERS).actor.role, window)


@by_version(of_shown, within=Action.VIEW_ORDERS)
def window_orders(window: Window) -> tuple[Order, ...]:
    """Return the orders that were sent for a window, recalled ones too, by number."""
    return tuple(planning.orders_here(acting(Action.VIEW_ORDERS), window))


def ground_url(mode: Mode, window: Window) -> str:
    """Return where the browser fetches what it needs to answer a drag over the map by itself."""
    address = _ground_url(mode, window)
    if not BLOBS.holds([address]):
        _ground_url.forget(mode, window)
        address = _ground_url(mode, window)
    return address


def walk(mode: Mode, window: Window) -> Job[None, float]:
    """Return the work that finds the ways of a snapshot, one for all who wait; nobody can stop it."""
    snapshot = _snapshot(mode, window)
    job = _walk(snapshot)
    if job.is_done and not snapshot.knows_walks:
        _walk.forget(snapshot)  # it failed, or what it found was thrown away since
        job = _walk(snapshot)
    return job


# 2 MB each for 2,000 grids, 0.4 MB for what the browser fetches: 64 are four windows of sixteen areas, 150 MB at most.
@by_version(of_shown, within=Action.PLAN)
def _snapshot(mode: Mode, window: Window) -> PlanningSnapshot:
    asking = acting(Action.PLAN)
    return planning.load_snapshot(asking, inputs_of_area(asking.actor.area), window, mode).worked_out()


@by_version(of_shown, within=Action.VIEW_ORDERS)
def _service_overview(role: Role, window: Window) -> ServiceOverview:
    del role  # it is part of the key: who looks after people sees small counts
    return read_service_overview(acting(Action.VIEW_ORDERS), window)


@by_version(of_data, most=8, within=Action.PLAN)
def _walk(_snapshot: PlanningSnapshot) -> Job[None, float]:
    def find(tell: Callable[[float], None], _is_cancelled: Callable[[], bool]) -> None:
        _snapshot.find_walks(tell)

    return Job(find).start()


@by_version(of_shown, within=Action.PLAN)
def _ground_url(mode: Mode, window: Window) -> str:
    asking = acting(Action.PLAN)
    return BLOBS.put(pack_ground(_snapshot(mode, window)), Readers(asking.actor.area, Action.PLAN))
