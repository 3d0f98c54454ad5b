"""Briefings made by hand, without a store: every kind of content, and texts that want to be markup."""

from dataclasses import replace
from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.schema import Layer
from services.briefing.mapping import say_words
from services.briefing.model import (
    Arc,
    Briefing,
    Chart,
    ChartKind,
    KeyFigure,
    MapPart,
    Section,
    SectionName,
    Series,
    Table,
    TableColumn,
    Tone,
)
from services.rules.classes import MapLayer, make_scale

LONG_NAME = "镇龙大道东侧融创文旅城北区与老火车站片区联合社区居民委员会筹备组第一临时工作站"
PAYLOADS = (
    "<script>alert('x')</script>",
    "<img src=x onerror=alert(1)>",
    '#import "a.typ": *',
    '#read("/etc/passwd") $x^2$ *bold* _em_ @ref <label>',
    "= 标题 \\ ` ``` // 注释 /* */",
    '=HYPERLINK("http://a","b")',
    "]]> & &amp; </a:t> {{x}} {0} %s",
    "{name} {count}",
)


def make_squares(columns: int = 8, rows: int = 6) -> tuple[pd.DataFrame, gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return a coverage table of grids, their squares, and communities of two columns of grids each."""
    at = [(x, y) for y in range(rows) for x in range(columns)]
    codes = pd.Index([f"g{k:03}" for k in range(len(at))], name="code")
    squares = [shapely.box(113.2 + 0.004 * x, 23.4 + 0.004 * y, 113.204 + 0.004 * x, 23.404 + 0.004 * y) for x, y in at]
    parents = [f"c{x // 2}" for x, _ in at]
    need = np.array([20.0 + (x * 7 + y * 5) % 23 for x, y in at])
    ratio = np.array([(x * 5 + y * 3) % 20 / 10 for x, y in at])
    status = np.where(ratio < 1, "weak", "spare").astype(object)
    status[-1], status[-2] = "no_data", "no_need"
    unknown = np.isin(np.arange(len(at)), [len(at) - 1, len(at) - 2])
    ratio[unknown] = np.nan
    table = pd.DataFrame(
        {
            "name": [f"雅瑶第{k + 1}网格" for k in range(len(at))],
            "parent_code": parents,
            "need": need,
            "met": need - np.maximum(need - need * ratio, 0),
            "ratio": ratio,
            "share_met": np.minimum(ratio, 1),
            "gap": np.maximum(need - need * ratio, 0),
            "surplus": np.maximum(need * ratio - need, 0),
            "status": status,
        },
        index=codes,
    )
    zones = gpd.GeoDataFrame({"name": table["name"], "parent_code": parents}, geometry=squares, crs=4326)
    zones = zones.set_index(codes).rename_geometry("geom")
    wider = zones.dissolve("parent_code")[["geom"]]
    names = ["雅瑶社区", "合和社区", LONG_NAME, "$x^2$ 社区"]
    communities = wider.assign(name=[names[k % 4] for k in range(len(wider))]).rename_axis("code")
    return table, zones, communities


def make_map(*, with_arcs: bool = False) -> MapPart:
    """Return a map of grids with communities and two marked estates."""
    table, zones, communities = make_squares()
    marks = gpd.GeoDataFrame(
        {"name": ["一苑", "二苑"], "gap": [9.0, 2.5]},
        geometry=zones.representative_point().iloc[[3, 20]].to_numpy(),
        crs=4326,
    ).rename_geometry("geom")
    arcs = (
        Arc((113.214, 23.402), (113.226, 23.414), "第一突击队 12人"),
        Arc((113.206, 23.418), (113.222, 23.404), "$y$ 3人"),
    )
    scale = make_scale(MapLayer.RATIO, table, Layer.GRIDS)
    words = say_words(scale)
    return MapPart(Layer.GRIDS, scale, words, table, zones, (communities,), marks, {}, arcs if with_arcs else ())


def square_map(names: tuple[str, ...] = ("甲", "乙", "丙")) -> MapPart:
    """Return a map of squares side by side: short, enough, unknown."""
    squares = [shapely.box(113.2 + k / 100, 23.4, 113.21 + k / 100, 23.41) for k in range(len(names))]
    codes = [f"G{k}" for k in range(len(names))]
    zones = gpd.GeoDataFrame({"name": list(names), "geom": squares}, index=codes, geometry="geom", crs=4326)
    known = pd.DataFrame(
        {"ratio": [0.2, 1.2], "need": [10.0, 5.0], "met": [2.0, 5.0], "gap": [8.0, 0.0], "surplus": [0.0, 1.0]},
        index=codes[:2],
    )
    table = zones[["name"]].assign(status=["weak", "enough", "no_data"]).join(known)
    scale = make_scale(MapLayer.RATIO, table, Layer.GRIDS)
    return MapPart(Layer.GRIDS, scale, say_words(scale), table, zones)


def make_sample(language: str = "zh", part: MapPart | None = None) -> Briefing:
    """Return a briefing with every kind of content; a map of one's own stands in all its places."""
    return Briefing(
        language=language,
        title="H区马桥街道力量汇报",
        made_at=datetime(2026, 11, 27, 18, 5),
        data_version=17,
        data_at=datetime(2026, 11, 27, 17, 58),
        window="2026-11-27 周五 20:00–24:00",
        mode="应急",
        mark="内部资料",
        source="2026-11-27 18:05",
        area="H区马桥街道",
        maker="张主任",
        sections=tuple(_sections(part or make_map(), part or make_map(with_arcs=True))),
        number=12,
    )


def communities_table(count: int, left_out: int = 0) -> Table:
    """Return a table of that many communities, the third with a long name."""
    names = [LONG_NAME if k == 2 else f"雅瑶{k + 1}社区" for k in range(count)]
    rows = tuple(
        (name, f"{200 + k}", f"{150 + k}", f"{70 + k % 30}%", f"{k % 7}", f"{k % 5}") for k, name in enumerate(names)
    )
    heads = (("社区", False), ("需求", True), ("力量", True), ("满足率", True), ("队伍", True), ("可借出", True))
    return Table(tuple(TableColumn(name, number) for name, number in heads), rows, left_out)


def with_text(briefing: Briefing, said: str) -> Briefing:
    """Return a briefing in which every text that people type or import is ``said``."""
    table = Table((TableColumn("名称"), TableColumn("数", is_number=True)), ((said, "3"), ("b", said)))
    chart = Chart(ChartKind.BARS, (said, "b"), (Series(said, (1.0, 2.0)),), said, 0, said)
    arcs = (Arc((113.214, 23.402), (113.226, 23.414), said),)
    plan = replace(make_map(with_arcs=True), arcs=arcs)
    plan.zones["name"] = said
    plan = replace(plan, borders=(plan.borders[0].assign(name=said),))
    figures = (KeyFigure(said, "3", said),)
    sections = (
        Section(SectionName.SITUATION, said, said, said, figures, table, chart, plan),
        Section(SectionName.HOURS, said, said, said, figures, None, chart),
        Section(SectionName.DATA, said, said, said, figures, table),
    )
    return replace(briefing, title=said, source=said, mark=said, sections=sections)


def _sections(part: MapPart, with_moves: MapPart) -> list[Section]:
    figures = (
        KeyFigure("需求满足率", "86%", "比上次汇报 +3 个百分点", Tone.GOOD),
        KeyFigure("缺人网格", "17", "共 48 个网格", Tone.BAD),
        KeyFigure("缺少人数", "143", "比上次汇报少 12 人", Tone.BAD),
        KeyFigure("可调剂人数", "208", "在 9 个网格"),
    )
    hours = tuple(f"{27 + h // 24}日{h % 24:02}时" for h in range(72))
    weak = tuple(None if h in {30, 31} else float(6 + (h % 24) // 2 + h // 20) for h in range(72))
    estates = tuple(
        (
            f"{k}",
            LONG_NAME if k == 4 else f"合和{k}苑",
            "合和社区",
            f"{20 - k}",
            "夜间在岗人数少，出入口 4 个，住户 2,300 户",
        )
        for k in range(1, 11)
    )
    heads = (("序号", True), ("小区", False), ("社区", False), ("缺人", True), ("原因", False))
    moves = (("第一突击队", "雅瑶第3网格", "合和第2网格", "12"), ("二队", "雅瑶第4网格", "合和第3网格", "<3"))
    move_heads = (TableColumn("队伍"), TableColumn("从"), TableColumn("到"), TableColumn("人数", is_number=True))
    return [
        Section(
            SectionName.SITUATION,
            "今晚 20 时起 17 个网格力量不足，缺 143 人，集中在雅瑶、合和两个社区",
            "比上次汇报少 2 个缺人网格；数据 7 分钟前更新。",
            "今晚有降雨，雅瑶社区请预留两支机动队。",
            figures,
            map=part,
        ),
        Section(
            SectionName.WEAKEST,
            "最薄弱的 10 个混合小区共缺 145 人，多因夜间在岗人数少",
            table=Table(tuple(TableColumn(name, number) for name, number in heads), estates, 6),
        ),
        Section(
            SectionName.PLAN,
            "方案调配 2 支队伍 14 人，缺人网格由 17 个降到 11 个，还缺 96 人",
            "要补齐还需向邻近街道借 96 人。",
            "",
            (
                KeyFigure("缺人网格", "17 → 11", "调配前 → 调配后", Tone.GOOD),
                KeyFigure("还缺人数", "96", "", Tone.BAD),
            ),
            Table(move_heads, moves),
            map=with_moves,
        ),
        Section(
            SectionName.HOURS,
            "29 日 06 时起缺人网格超过 15 个，此后未见好转",
            "",
            "",
            (),
            None,
            Chart(ChartKind.LINE, hours, (Series("缺人网格", weak),), "个网格", 40, "29日16时起超过 15 个"),
        ),
        Section(SectionName.COMMUNITIES, "24 个社区中 15 个力量不足，9 个可借出 208 人", table=communities_table(24)),
        Section(
            SectionName.DATA,
            "数据 7 分钟前更新，3% 的人员未定位",
            table=Table(
                (TableColumn("项目"), TableColumn("情况")),
                (
                    ("数据版本", "17"),
                    ("坐标系", "EPSG:4326，经纬度（WGS-84）"),
                    ("未定位人员", "31 人"),
                    ("时段", "2026-11-27 周五 20:00–24:00"),
                ),
            ),
        ),
    ]
