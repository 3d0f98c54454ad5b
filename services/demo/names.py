"""Names that sound right and belong to nobody: places, roads, estates, organisations, persons."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Texts = NDArray[np.object_]

_PLACE_FIRST: Final = (
    "云雅凤花新龙莲石松竹梅平永东西南北清白金银宝福兴安和长高大上下中前三九秀锦玉星月青红黄梓桂榕荔桃李杏芦蓝"
)
_PLACE_LAST: Final = "港岭塘岗湖溪桥庄田园洲涌坑布边头基沙围滘坪坳山泉江水湾台阳光城华乐丰盛荣辉埔良井迳"
_ROAD_WORDS: Final = (
    "建设人民迎宾站前公园龙珠宝华商业新华茶园紫薇松园云港大华凤凰天贵曙光公益河滨花港镜湖莲塘秀全农新工业"
    "学府杏林荔红天马百寿三东永发雅瑶白云金狮银盏马鞍山前"
)
_ESTATE_FIRST: Final = (
    "锦绣翠湖阳光金色碧桂御景康乐嘉和丽晶盛世名雅凯旋紫荆芙蓉海棠玉兰祥和富力锦华东方云山怡和天悦荔湖骏景"
    "雅居星河汇景明珠华侨"
)
_MANAGED_LAST: Final = ("花园", "豪庭", "雅苑", "华庭", "公馆", "名苑", "悦府", "湾", "新城", "广场")
_MIXED_LAST: Final = ("新村", "大院", "宿舍", "小区", "老街", "楼群", "片区", "住宅楼", "村", "里")
_VILLAGE_LAST: Final = ("村", "庄", "围", "新村", "老围")
_UNIT_HEADS: Final = (
    "水务局", "教育局", "卫生健康局", "财政局", "税务局", "供电局", "文化馆", "图书馆", "人民医院", "中医医院",
    "妇幼保健院", "市政所", "气象局", "档案馆", "公安分局", "市场监管局", "城管局", "民政局", "统计局", "住建局",
)  # fmt: skip
_UNIT_KINDS: Final = (
    "中学",
    "小学",
    "幼儿园",
    "卫生院",
    "供水公司",
    "公交公司",
    "建材公司",
    "皮具商会",
    "物流公司",
    "银行支行",
    "职业学校",
    "环卫所",
)
_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_GIVEN: Final = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红建文斌宇浩然子轩欣怡佳俊思雨梓涵诗琪雪梅志国庆"
    "春秋冬海波鹏飞云山林峰岩松柏清江河月星辰晨曦嘉宁安康乐永福瑞祥德才学义仁礼智信忠孝廉诚振兴"
)


def make_places(count: int, rng: np.random.Generator, *, used_names: tuple[str, ...] = ()) -> list[str]:
    """Return different two-character names of places, none of which is taken.

    Raises
    ------
    ValueError
        If more names are asked for than the characters give.
    """
    pool = [a + b for a in _PLACE_FIRST for b in _PLACE_LAST if a + b not in used_names]
    if count > len(pool):
        raise ValueError
    return [pool[i] for i in rng.permutation(len(pool))[:count]]


def make_roads(count: int, rng: np.random.Generator) -> list[str]:
    """Return stems of road names (without 路 or 街), as different as the words allow."""
    words = [_ROAD_WORDS[i : i + 2] for i in range(0, len(_ROAD_WORDS) - 1, 2)]
    stems = sorted(set(words) | {a + b for a in _PLACE_FIRST for b in _PLACE_LAST})
    order = rng.permutation(len(stems))
    return [stems[order[i % len(stems)]] for i in range(count)]


def make_estates(managed: NDArray[np.bool_], rural: NDArray[np.bool_], rng: np.random.Generator) -> Texts:
    """Return a name for each estate; those with property management sound like what a developer sells."""
    count = len(managed)
    words = np.array([_ESTATE_FIRST[i : i + 2] for i in range(0, len(_ESTATE_FIRST) - 1, 2)], dtype=object)
    places = np.array([a + b for a in _PLACE_FIRST for b in _PLACE_LAST], dtype=object)
    head = np.where(managed, words[rng.integers(0, len(words), count)], places[rng.integers(0, len(places), count)])
    brand = places[rng.integers(0, len(places), count)]
    head = np.where(managed & (rng.random(count) < 0.55), brand, head)
    tails = [np.array(t, dtype=object) for t in (_MANAGED_LAST, _MIXED_LAST, _VILLAGE_LAST)]
    sold, mixed, village = (t[rng.integers(0, len(t), count)] for t in tails)
    return np.asarray(head + np.where(managed, sold, np.where(rural, village, mixed)), dtype=object)


def make_units(count: int, rng: np.random.Generator) -> list[str]:
    """Return different names of Party organisations of workplaces."""
    places = make_places(count, rng) if count <= 2000 else make_places(2000, rng) * (count // 2000 + 1)
    kinds = rng.integers(0, len(_UNIT_KINDS), count)
    made = [f"{places[i]}{_UNIT_KINDS[kinds[i]]}党支部" for i in range(count)]
    heads = [f"H区{head}党委" for head in _UNIT_HEADS]
    return make_distinct([*heads, *made][:count])


def make_persons(count: int, rng: np.random.Generator) -> Texts:
    """Return full names put together by chance; two of three given names have two characters."""
    surnames = np.array(list(_SURNAMES), dtype=object)
    given = np.array(list(_GIVEN), dtype=object)
    weights = 1 / (np.arange(len(surnames)) + 6)
    first = surnames[rng.choice(len(surnames), count, p=weights / weights.sum())]
    second = given[rng.integers(0, len(given), count)]
    third = np.where(rng.random(count) < 0.67, given[rng.integers(0, len(given), count)], "")
    return np.asarray(first + second + third, dtype=object)


def make_phones(first: int, count: int) -> Texts:
    """Return telephone numbers of a range nobody has: 160 0000 0000 and on (no operator was given 160)."""
    return np.array([f"160{number:08d}" for number in range(first, first + count)], dtype=object)


def make_distinct(names: list[str]) -> list[str]:
    """Return the names with 二, 三 … before the last character of those that were there before, so that all differ."""
    seen: set[str] = set()
    out = []
    for name in names:
        made, number = name, 2
        while made in seen:
            made, number = f"{name}（{_numeral(number)}）", number + 1
        seen.add(made)
        out.append(made)
    return out


def _numeral(number: int) -> str:
    digits = "〇一二三四五六七八九十"
    return digits[number] if number <= 10 else str(number)
