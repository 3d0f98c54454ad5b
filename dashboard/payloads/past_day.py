"""A past day as the JSON that the screen shows: a section for each hour, which it steps through like any other."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd

from dashboard.payloads.briefing import PutShapes, chart_payload, figure_payload, outline_payload, scale_payload
from services.briefing import Replay, ReplayHour
from services.briefing.model import Chart, ChartKind, Series
from services.briefing.words import MARK
from services.i18n import _


@dataclass(frozen=True)
class PastDay:
    """A replayed day with the outlines of its zones. Frames are shared: never change them."""

    replay: Replay
    language: str
    zones: gpd.GeoDataFrame
    """In the order of ``replay.codes``."""
    borders: tuple[gpd.GeoDataFrame, ...] = ()


def day_payload(past: PastDay, put_shapes: PutShapes) -> dict[str, Any]:
    """Return what the screen shows of a day; its texts are in the current language."""
    replay = past.replay
    last = replay.hours[-1].start if replay.hours else None
    drawn = outline_payload(replay.level, past.zones, past.borders, put_shapes) | scale_payload(
        replay.scale, replay.words
    )
    return {
        "language": past.language,
        "title": replay.title,
        "madeAt": last.isoformat(timespec="seconds") if last else None,
        "dataVersion": 0,
        "dataAt": None,
        "replay": replay.day.isoformat(),
        "window": "",
        "mode": "",
        "mark": _(MARK),
        "source": "",
        "number": None,
        "sections": [_hour_payload(replay, k, hour, drawn) for k, hour in enumerate(replay.hours)],
    }


def _hour_payload(replay: Replay, k: int, hour: ReplayHour, drawn: dict[str, Any]) -> dict[str, Any]:
    hours = replay.hours
    weak = Series(_("Weak grids"), tuple(float(one.weak) for one in hours))
    chart = Chart(ChartKind.BARS, tuple(f"{one.start:%H}" for one in hours), (weak,), "", k, hour.label)
    counts = {key: hour.digits.count(key) for key in sorted(set(hour.digits))}
    return {
        "name": f"hour-{hour.start:%H}",
        "label": f"{hour.start:%H}",
        "title": hour.title,
        "lead": f"{hour.mode} · {replay.note}",
        "comment": "",
        "figures": [figure_payload(figure) for figure in hour.figures],
        "table": None,
        "chart": chart_payload(chart),
        "map": drawn | {"classes": hour.digits, "counts": counts, "facts": [], "marks": None, "base": {}, "arcs": []},
    }
