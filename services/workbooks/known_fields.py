"""What the header of a column says of its field: kind, unit, how it adds up, and whether it is known already."""

import re
from collections.abc import Mapping
from typing import Final

from geo.schema import Layer
from services.rules.headers import WORDS, normal_header
from services.workbooks.model import AnswerKind, TotalKind

_ZONE_FIELDS: Final = ("residents", "households", "outsiders")
_WORDS: Final[Mapping[str, str]] = {
    "coverage.members": "志愿者 志愿者数 志愿者人数 党员 党员数 党员人数 在册志愿者 现有力量",
    "coverage.need": "需要人数 需求人数 所需力量 应到人数",
    "coverage.supply": "到岗人数 在岗人数 可用力量 实到人数",
    "stints.hours": "服务时长 志愿服务时长 服务小时 服务小时数 志愿服务小时数",
    "stints.heads": "服务人次 志愿服务人次 参加人次",
    "goods.mask.usable": "口罩 口罩数 口罩库存",
}
PATHS: Final[Mapping[str, str]] = {
    **{normal_header(word): f"zone.{name}" for name in _ZONE_FIELDS for word in WORDS[Layer.COMMUNITIES][name]},
    **{normal_header(word): path for path, words in _WORDS.items() for word in words.split()},
}
"""Header, as headers are compared, to the path of what the program knows."""
_BRACKETS: Final = re.compile(r"[（(]([^（）()]{1,6})[）)]")
_UNITS: Final = tuple(
    pair.split(":") for pair in ["人次:人次", "小时:小时", "时长:小时", "人数:人", "户数:户", "栋数:栋", "次数:次"]
)
_YES: Final = re.compile(r"是否|有无|^已")
_TEXT: Final = re.compile(r"备注|说明|情况|原因|姓名|电话|地址|负责人|联系|内容|措施|名单")
_RATIO: Final = re.compile(r"率|比例|占比|百分比|%|％")
_LARGEST: Final = re.compile(r"最高|最大|最多|峰值")
_COUNTED: Final = re.compile(r"[人户名个次栋只件辆天份台张]|小时|公里|元")


def path_of(header: str) -> str:
    """Return the path of what the program knows under a header; empty where it knows nothing.

    Examples
    --------
    >>> path_of("常住人口（人）"), path_of("志愿服务时长"), path_of("外出人数")
    ('zone.residents', 'stints.hours', '')
    """
    return PATHS.get(normal_header(header), "")


def unit_of(header: str) -> str:
    """Return the unit that a header names, in brackets or by its words.

    Examples
    --------
    >>> unit_of("外出（户）"), unit_of("返回人数"), unit_of("备注")
    ('户', '人', '')
    """
    brackets = _BRACKETS.findall(header)
    unit = next((words for words in brackets if _COUNTED.search(words)), None)
    return unit or next((unit for words, unit in _UNITS if words in header), "")


def kind_of(header: str) -> AnswerKind:
    """Return what is written below a header, as far as its words say."""
    if _YES.search(header):
        return AnswerKind.YES
    return AnswerKind.TEXT if _TEXT.search(header) and not unit_of(header) else AnswerKind.COUNT


def roll_up_of(header: str, kind: AnswerKind) -> TotalKind:
    """Return how figures below a header add up: shares do not.

    Examples
    --------
    >>> roll_up_of("外出人数", AnswerKind.COUNT), roll_up_of("完成率", AnswerKind.COUNT)
    (<TotalKind.SUM: 'sum'>, <TotalKind.NONE: 'none'>)
    """
    if kind in {AnswerKind.TEXT, AnswerKind.CHOICE} or _RATIO.search(header):
        return TotalKind.NONE
    return TotalKind.MAX if _LARGEST.search(header) else TotalKind.SUM
