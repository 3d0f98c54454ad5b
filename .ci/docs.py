"""Write the parts of the documents that the catalogues say: ``python .ci/docs.py``; with ``--check`` only compare.

A part stands between ``<!-- name -->`` and ``<!-- /name -->``.
"""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from geo.validate import GeometryKinds
from services.catalog.actions import ACTIONS, ROLE_NAMES, Action, ActionSpec, Role
from services.catalog.fields import Field, Kind
from services.catalog.layers import LAYERS, LayerSpec
from services.i18n import translate

_WORDS: Final = {
    Kind.CODES: "codes joined by `;`",
    Kind.LIST: "words joined by `;`",
    Kind.SKILLS: "names of skills joined by `;`",
    Kind.SHARE: "0–1",
    Kind.DAY: "last day, ISO 8601; not in frames of the layer, ask `Transaction.people`",
    Kind.HASH: "keyed hash; never leaves the store",
    Kind.PHONE: "encrypted",
}


def layers_table() -> str:
    """Return the layers with their columns as a table."""
    rows = ["| layer | columns besides `code`, `name`, `geom` | drawn as | home |", "|---|---|---|---|"]
    rows += [_layer_row(spec) for spec in LAYERS.values()]
    return "\n".join(rows)


def _layer_row(spec: LayerSpec) -> str:
    stored = [field for field in spec.fields if field.is_stored and field.name not in {"code", "name"}]
    shapes = " or ".join(
        "null" if shape is GeometryKinds.NOTHING else shape for shape in GeometryKinds if shape in spec.shapes
    )
    home = f"`{spec.home}`" if spec.home else "everything"
    return f"| {spec.layer.value} | {'; '.join(map(_column, stored))} | {shapes} | {home} |"


def _column(field: Field) -> str:
    notes = [f"of {field.link.value}"] if field.link else []
    notes += [_WORDS[field.kind]] if field.kind in _WORDS else []
    return f"`{field.name}`" + (f" ({', '.join(notes)})" if notes else "")


def roles_table() -> str:
    """Return what each role may do as a table, in Chinese."""
    roles = [role for role in Role if role is not Role.LOCAL]
    names = (translate(ROLE_NAMES[role]) for role in roles)
    rows = [f"| 操作 | 代码 | {' | '.join(names)} |", "|" + "---|" * (2 + len(roles))]
    rows += [_action_row(action, spec, roles) for action, spec in ACTIONS.items()]
    return "\n".join(rows)


def _action_row(action: Action, spec: ActionSpec, roles: Sequence[Role]) -> str:
    note = f"（{translate(spec.note)}）" if spec.note else ""
    title = f"{translate(spec.title)}{note}{'＊' if spec.is_of_whole else ''}"
    return f"| {title} | `{action}` | {' | '.join('是' if role in spec.roles else '' for role in roles)} |"


PARTS: Final[Mapping[str, tuple[Path, Callable[[], str]]]] = {
    "roles": (Path("docs/user/roles.md"), roles_table),
    "layers": (Path("docs/conventions.md"), layers_table),
}


def main() -> int:
    """Write the parts, or say which are not as the catalogues have them."""
    is_check, stale = "--check" in sys.argv, []
    for name, (path, write) in PARTS.items():
        text = path.read_text(encoding="utf-8")
        part = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=\n<!-- /{name} -->)", re.DOTALL)
        there = part.search(text)
        if there is None:
            stale.append(f"{path}: the part {name} has no place")
        elif there.group() == (written := write()):
            continue
        elif is_check:
            stale.append(f"{path}: {name} is not as the catalogue has it; run make docs")
        else:
            path.write_text(text[: there.start()] + written + text[there.end() :], encoding="utf-8")
    sys.stdout.write("\n".join(stale or ["Documents: as the catalogues have them."]) + "\n")
    return bool(stale)


if __name__ == "__main__":
    sys.exit(main())
