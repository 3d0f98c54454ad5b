"""Who takes care of buildings: found by code or whole name, and shown to those who may know."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from geo.schema import Layer
from services.catalog.actions import Action
from services.claims.errors import ManyHoldersError, UnknownHolderError
from services.claims.model import ClaimHolder, HolderKind
from services.context import Context, Transaction
from services.manual_assignment import codes_inside
from services.people import area_bounds
from services.rules.areas import Scope
from services.rules.people import mask_name
from services.rules.roles import may

_LAYERS: Final[Mapping[HolderKind, Layer]] = {HolderKind.TEAM: Layer.TEAMS, HolderKind.UNIT: Layer.UNITS}
_MOST_OF_A_NAME: Final = 500
"""So many members whose names contain a name are looked at."""


def find_holder(tx: Transaction, scope: Scope, kind: HolderKind, words: str) -> str:
    """Return the code of a member or team of an area, or of a unit, that has exactly this code or name.

    Raises
    ------
    UnknownHolderError
        If there is none.
    ManyHoldersError
        If several have the name.
    """
    plain = " ".join(words.split())
    codes = _find_members(tx, scope, plain) if kind is HolderKind.MEMBER else _find_named(tx, scope, kind, plain)
    if not plain or not codes:
        raise UnknownHolderError
    if len(codes) > 1:
        raise ManyHoldersError(codes)
    return codes[0]


def _find_members(tx: Transaction, scope: Scope, words: str) -> list[str]:
    by_code = codes_inside(tx, scope, [words])
    if by_code:
        return by_code
    rows = tx.people.search(tx.people.within(**area_bounds(scope)), name=words, limit=_MOST_OF_A_NAME)
    return [row["code"] for row in rows if row["name"] == words]


def _find_named(tx: Transaction, scope: Scope, kind: HolderKind, words: str) -> list[str]:
    layer = _LAYERS[kind]
    frame = tx.read_layer(layer, columns=["name"])
    names = (scope.limit(layer, frame) if kind is HolderKind.TEAM else frame)["name"]
    return [words] if words in names.index else [str(code) for code in names.index[names == words]]


def holder_codes(kind: HolderKind, code: str) -> dict[str, str | None]:
    """Return the columns of a claim that say whose it is."""
    return {f"{each.value}_code": code if each is kind else None for each in HolderKind}


def holder_key(row: Mapping[str, Any]) -> tuple[HolderKind, str]:
    """Return whose a claim is, by its row."""
    return next((kind, str(code)) for kind in HolderKind if (code := row[f"{kind.value}_code"]) is not None)


def read_holders(
    context: Context, tx: Transaction, rows: Sequence[Mapping[str, Any]]
) -> dict[tuple[HolderKind, str], ClaimHolder]:
    """Return who takes care of buildings by some claims; of members only those whom the actor may know have a name."""
    codes: dict[HolderKind, set[str]] = {kind: set() for kind in HolderKind}
    for row in rows:
        kind, code = holder_key(row)
        codes[kind].add(code)
    members = _member_names(context, tx, codes[HolderKind.MEMBER])
    hidden = ClaimHolder(HolderKind.MEMBER)
    holders = {(HolderKind.MEMBER, code): hidden for code in codes[HolderKind.MEMBER]}
    holders |= {(HolderKind.MEMBER, code): ClaimHolder(HolderKind.MEMBER, code, name) for code, name in members.items()}
    for kind, layer in _LAYERS.items():
        named = tx.plans.read_rows(layer, codes[kind])
        names = {code: named[code]["name"] or code if code in named else code for code in codes[kind]}
        holders |= {(kind, code): ClaimHolder(kind, code, name) for code, name in names.items()}
    return holders


def _member_names(context: Context, tx: Transaction, codes: set[str]) -> dict[str, str]:
    """Return the masked names of those of some members who belong to the actor's area; nobody's to others."""
    if not codes or not may(context.actor, Action.VIEW_PEOPLE):
        return {}
    inside = codes_inside(tx, context.scope_in(tx), codes)
    names: pd.Series = tx.people.read(inside)["name"]
    return {str(code): mask_name(str(name)) for code, name in names.items()}
