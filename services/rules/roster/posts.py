"""Posts: where people stand for one kind of work, and what the kinds are called."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from services.i18n import LANGUAGES, Text, catalogue, text, translate


class PostKind(StrEnum):
    """What people do at a post. Those of work that norms ask for are called like their item of need."""

    GATE = "gate"
    DOOR = "door"
    SERVICE = "service"
    SANITATION = "sanitation"
    PUBLICITY = "publicity"
    ROAMING = "roaming"
    """Wherever a part of a person is needed: what is left of all items of a community."""
    POINT = "point"
    """A fixed service to residents; need says nothing of it."""


POST_KIND_NAMES: Final[Mapping[PostKind, Text]] = {
    PostKind.GATE: text("Gate post"),
    PostKind.DOOR: text("Door-to-door post"),
    PostKind.SERVICE: text("Service post"),
    PostKind.SANITATION: text("Sanitation post"),
    PostKind.PUBLICITY: text("Publicity post"),
    PostKind.ROAMING: text("Roaming post"),
    PostKind.POINT: text("Service point"),
}
_OTHER_WORDS: Final[Mapping[PostKind, str]] = {
    PostKind.GATE: "门岗 门岗值守 卡口 卡口值守 门卫 大门 出入口 值守",
    PostKind.DOOR: "上门 上门走访 走访 入户 敲门",
    PostKind.SERVICE: "服务 代办服务 代办 代购 居民服务 配送",
    PostKind.SANITATION: "卫生 环境消杀 消杀 保洁 环境",
    PostKind.PUBLICITY: "宣传 宣传引导 引导 宣讲",
    PostKind.ROAMING: "机动 巡逻 巡查 机动岗",
    PostKind.POINT: "定点 定点服务 服务点 便民点",
}


@dataclass(frozen=True, slots=True)
class Post:
    """A post. Its zone is its estate, else its grid, else its community; empty codes are none."""

    code: str
    name: str
    kind: PostKind
    community_code: str
    grid_code: str = ""
    estate_code: str = ""
    place: str = ""
    vanguard: bool = False

    @property
    def zone_code(self) -> str:
        """The narrowest zone that is known of it."""
        return self.estate_code or self.grid_code or self.community_code


def post_kind(words: str) -> PostKind | None:
    """Return the kind of post that a file calls so, in any language; None for none.

    Examples
    --------
    >>> post_kind("门岗"), post_kind("机动岗"), post_kind("gate"), post_kind("会议室")
    (<PostKind.GATE: 'gate'>, <PostKind.ROAMING: 'roaming'>, <PostKind.GATE: 'gate'>, None)
    """
    return _kinds().get(_plain(words))


def post_kind_name(kind: str) -> str:
    """Return a kind of post in words of the current language; what is none stays as it is."""
    return translate(POST_KIND_NAMES[PostKind(kind)]) if kind in set(PostKind) else kind


@cache
def _kinds() -> dict[str, PostKind]:
    words: dict[str, PostKind] = {}
    for kind, name in POST_KIND_NAMES.items():
        titles = (catalogue(language).get(name.id, name.id) for language in LANGUAGES)
        words |= {_plain(word): kind for word in (kind.value, *titles, *_OTHER_WORDS[kind].split())}
    return words


def _plain(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words).split()).lower().removesuffix("岗") or words
