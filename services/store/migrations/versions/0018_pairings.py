"""Pairings of units and communities have a table of their own, with kind, plaque and days."""

import json
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

_UNITS = sa.table("units", *map(sa.column, ("code", "community_codes", "batch_id")))
_KEPT = sa.table("replaced_rows", sa.column("id"), sa.column("layer"), sa.column("row"))


def upgrade() -> None:
    pairings = op.create_table(
        "pairings",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("unit_code", "community_code", "kind")),
        sa.Column("plaque", sa.Boolean, nullable=False, server_default=sa.false()),
        *(sa.Column(name, sa.Text) for name in ("since", "until")),
        sa.Column("batch_id", sa.Integer, index=True),
    )
    op.create_index("ix_pairings_community_code", "pairings", ["community_code"])
    units = op.get_bind().execute(sa.select(_UNITS.c.code, _UNITS.c.community_codes, _UNITS.c.batch_id)).all()
    rows = [row for code, joined, batch_id in units for row in _split(code, joined, batch_id)]
    if rows:
        op.bulk_insert(pairings, rows)
    _rewrite_kept(_with_pairings)
    op.drop_column("units", "community_codes")


def downgrade() -> None:
    op.add_column("units", sa.Column("community_codes", sa.Text))
    pairings = sa.table("pairings", *map(sa.column, ("unit_code", "community_code", "until")))
    live = sa.select(pairings.c.unit_code, pairings.c.community_code).where(pairings.c.until.is_(None)).distinct()
    codes: dict[str, list[str]] = defaultdict(list)
    for unit, community in op.get_bind().execute(live.order_by(*live.selected_columns)).all():
        codes[unit].append(community)
    for unit, joined in codes.items():
        here = sa.update(_UNITS).where(_UNITS.c.code == unit)
        op.get_bind().execute(here.values(community_codes=";".join(joined)))
    _rewrite_kept(_with_codes)
    op.drop_table("pairings")


def _split(code: str, joined: str | None, batch_id: int | None) -> list[dict[str, Any]]:
    """Return the rows of what a unit was paired with: nobody knows since when."""
    fresh = {"kind": "paired", "plaque": False, "since": None, "until": None, "batch_id": batch_id}
    communities = dict.fromkeys(filter(None, (joined or "").split(";")))
    return [{"unit_code": code, "community_code": community, **fresh} for community in communities]


def _with_pairings(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"pairings": _split(row["code"], row.pop("community_codes", None), row["batch_id"])}


def _with_codes(row: dict[str, Any]) -> dict[str, Any]:
    live = sorted({each["community_code"] for each in row.pop("pairings", ()) if each["until"] is None})
    return row | {"community_codes": ";".join(live) or None}


def _rewrite_kept(rewrite: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Write what imports replaced anew, so that they can be taken back."""
    kept = sa.select(_KEPT.c.id, _KEPT.c.row).where(_KEPT.c.layer == "units")
    for number, row in op.get_bind().execute(kept).all():
        written = json.dumps(rewrite(json.loads(row)), ensure_ascii=False)
        op.get_bind().execute(sa.update(_KEPT).where(_KEPT.c.id == number).values(row=written))
