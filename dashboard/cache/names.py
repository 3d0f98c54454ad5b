"""What areas are called."""

from collections.abc import Iterable, Mapping

from dashboard.cache.by_version import by_version
from dashboard.cache.store_versions import of_data
from dashboard.streamlit import session
from services import accounts
from services.rules.areas import Area, parse_area


def area_names(areas: Iterable[Area]) -> Mapping[Area, str]:
    """Return what each of some areas is called, in the current language."""
    wanted = sorted({str(area) for area in areas})
    named = _area_names(tuple(wanted))
    return {parse_area(area): name for area, name in named.items()}


def own_area_name() -> str:
    """Return what the area of whoever looks is called; empty for everything."""
    area = session.actor().area
    return area_names([area])[area] if area.layer else ""


@by_version(of_data, most=256, language=True)
def _area_names(areas: tuple[str, ...]) -> Mapping[str, str]:
    named = accounts.name_areas(session.server(), map(parse_area, areas))
    return {str(area): name for area, name in named.items()}
