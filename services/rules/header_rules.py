"""Headers that follow a rule: 所属 + 社区 + 名称, for every level, every way to say "belongs to", every ending."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final

from geo.schema import PARENT_LAYER, Layer

_NOUNS: Final[Mapping[Layer, str]] = {
    Layer.DISTRICTS: "区县 县区 区市县 县市区 区县市 行政区 市辖区 区 县",
    Layer.SUBDISTRICTS: "街道 镇街 街镇 乡镇 镇乡 街道办 街道办事处 街办 街道乡镇 乡镇街道 镇街道 镇 乡",
    Layer.COMMUNITIES: (
        "社区 村居 居村 村社区 社区村 村社 居委会 村委会 居委 社区居委会 社区居委 社区村委会 村居委会 居民委员会"
        " 社区居民委员会 村民委员会 行政村 村"
    ),
    Layer.GRIDS: "网格 基础网格 综合网格 基层网格 社区网格 治理网格 综治网格",
    Layer.ESTATES: "小区 住宅小区 居民小区 楼盘 院落 小区院落",
    Layer.UNITS: "单位 党组织 单位党组织 党支部 机关单位",
}
_BELONGING: Final = "所属 所在 归属 隶属 所归属 所隶属 归属于 属 属地 上级 上属 所处 管辖 所属上级"
_OF_LIVING: Final = "居住 居住地 现居住 现住 居住所在 报到 双报到 报到所在"
_OF_PAIRING: Final = "结对 共建 结对共建 报到 双报到 联系 挂点 挂钩 包联 包保 帮扶 对口 服务"
_CODE_ENDINGS: Final = "编码 代码 编号 代号 号 统一编码 id code"
_NAME_ENDINGS: Final = "名称 名 全称 name"
_PARENTS: Final[Mapping[Layer, Mapping[str, tuple[Layer, str]]]] = {
    **{layer: {"parent_code": (parent, _BELONGING)} for layer, parent in PARENT_LAYER.items()},
    Layer.UNITS: {"community_codes": (Layer.COMMUNITIES, f"{_BELONGING} {_OF_PAIRING}")},
    Layer.MEMBERS: {
        "unit_code": (Layer.UNITS, f"{_BELONGING} 工作 现工作 党组织关系所在 组织关系所在"),
        "community_code": (Layer.COMMUNITIES, f"{_BELONGING} {_OF_LIVING}"),
    },
    Layer.TEAMS: {
        "parent_code": (Layer.GRIDS, f"{_BELONGING} 驻点 常驻 驻守 包保"),
        "unit_code": (Layer.UNITS, f"{_BELONGING} 组建 依托 牵头 派出"),
    },
}


def ruled_words(layer: Layer) -> Iterator[tuple[str, str]]:
    """Yield field and header, the likelier ones first, of every header of a layer that follows the rule.

    >>> ("parent_code", "归属居委会名称") in set(ruled_words(Layer.GRIDS))
    True
    """
    for field, (target, belonging) in _PARENTS.get(layer, {}).items():
        for ending, noun, prefix in product(
            ("", *_CODE_ENDINGS.split(), *_NAME_ENDINGS.split()), _NOUNS[target].split(), ("", *belonging.split())
        ):
            if prefix or len(noun) > 1:
                yield field, f"{prefix}{noun}{ending}"
    for noun in _NOUNS.get(layer, "").split():
        for field, endings in (("code", _CODE_ENDINGS), ("name", _NAME_ENDINGS)):
            yield from ((field, f"{noun}{ending}") for ending in endings.split())
