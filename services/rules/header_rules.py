"""Headers that follow a rule: 所属 + 社区 + 名称, for every level, every way to say "belongs to", every ending."""

from collections.abc import Iterator
from itertools import product
from typing import Final

from geo.schema import Layer
from services.catalog.layers import LAYERS

_CODE_ENDINGS: Final = "编码 代码 编号 代号 号 统一编码 id code"
_NAME_ENDINGS: Final = "名称 名 全称 name"


def ruled_words(layer: Layer) -> Iterator[tuple[str, str]]:
    """Yield field and header, the likelier ones first, of every header of a layer that follows the rule.

    >>> ("parent_code", "归属居委会名称") in set(ruled_words(Layer.GRIDS))
    True
    """
    spec = LAYERS[layer]
    for field in spec.fields:
        if field.link is not None:
            yield from ((field.name, header) for header in _belonging(LAYERS[field.link].nouns, field.belonging))
    for noun in spec.nouns.split():
        for name, endings in (("code", _CODE_ENDINGS), ("name", _NAME_ENDINGS)):
            yield from ((name, f"{noun}{ending}") for ending in endings.split())


def _belonging(nouns: str, belonging: str) -> Iterator[str]:
    endings = ("", *_CODE_ENDINGS.split(), *_NAME_ENDINGS.split())
    for ending, noun, prefix in product(endings, nouns.split(), ("", *belonging.split())):
        if prefix or len(noun) > 1:
            yield f"{prefix}{noun}{ending}"
