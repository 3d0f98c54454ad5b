"""Everything stored about one person, as they may ask for it."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo.schema import Layer
from services.catalog.actions import Action
from services.context import Context, Transaction, Work
from services.people.find import require_inside
from services.people.limits import refusal_kept, require_room
from services.use_cases import use_case

_OURS = ("phone_hash", "identity_hash", "batch_id", "geom")
"""Columns that say nothing by themselves, or are told otherwise."""


def export_person(context: Context, code: str) -> dict[str, Any]:
    """Return everything that is stored about a person, in clear, as plain values for JSON; the audit trail keeps it.

    ``member`` (the row, with ``lon lat``), ``skills``, ``assignment``, ``teams`` (with the place), ``leads`` (teams and
    units that name them, known by name and telephone number), ``orders`` of those teams, ``duties free_times absences
    sign_ups nicknames`` of rosters, ``batches`` of packages, ``claims`` (responsibility areas), ``matters`` about them,
    ``before`` (what imports replaced), ``import`` and ``audit`` (every row that names the code; among them each address
    settled by hand).

    Raises
    ------
    RefusedError
        If the actor may not see people in clear.
    UnknownPersonError
        If nobody of the actor's area has this code.
    LookLimitError
        If the actor has seen too many persons in clear within the hour.
    """
    with refusal_kept(context, Action.UNMASK):
        return _export(context, code)


@use_case(Action.UNMASK, "{code}")
def _export(work: Work, code: str) -> dict[str, Any]:
    require_room(work)
    tx = work.tx
    require_inside(work.context, tx, code)
    member = _member(tx, code)
    teams, leads = _teams(tx, code), contacts_of(tx, member["name"] or "", member["phone"])
    work.note(what="exported")
    return {
        "code": code,
        "made_at": work.at,
        "made_by": work.actor.name,
        "member": member,
        **tx.skills.read_of_member(code),
        "assignment": tx.people.read_assignment(code),
        "teams": teams,
        "leads": [{"layer": layer.value, "code": of} for layer, of in leads],
        "orders": _orders(tx, {*(team["team_code"] for team in teams), *(of for _, of in leads)}),
        **tx.rosters.read_of_member(code),
        **tx.sign_ups.read_of_member(code),
        **tx.claims.read_of_member(code),
        **tx.packages.read_of_member(code),
        **tx.matters.read_of_member(code),
        "before": [_row(tx, kept) for kept in tx.people.read_kept(code)],
        "import": _batch(tx, code),
        "audit": _audit(tx, code),
    }


def contacts_of(tx: Transaction, name: str, phone: str | None) -> list[tuple[Layer, str]]:
    """Return the teams and units that name a person with this telephone number (in clear); none without both."""
    if not name or not phone:
        return []
    return [(layer, of) for layer, of, sealed in tx.people.read_led(name) if tx.sealed.open(sealed) == phone]


def _member(tx: Transaction, code: str) -> dict[str, Any]:
    frame = tx.people.read([code])
    point = frame.geometry.iloc[0]
    row = pd.DataFrame(frame.drop(columns="geom")).astype(object)
    told = _row(tx, {str(name): value for name, value in row.where(row.notna(), None).iloc[0].items()})
    return told | {"lon": point.x, "lat": point.y} if point is not None else told


def _row(tx: Transaction, stored_data: Mapping[str, Any]) -> dict[str, Any]:
    row = {name: value for name, value in stored_data.items() if name not in {*_OURS, "fid"}}
    return row | {"phone": tx.sealed.open(row.get("phone")) or None}


def _teams(tx: Transaction, code: str) -> list[dict[str, str]]:
    held = tx.teams.read_memberships()
    return [{"team_code": team, "place": place} for team, member, place in held if member == code]


def _orders(tx: Transaction, team_codes: set[str]) -> list[dict[str, Any]]:
    return [dict(order) for team in sorted(team_codes) for order in tx.plans.read_orders(team_code=team)]


def _audit(tx: Transaction, code: str) -> list[dict[str, Any]]:
    """Return the rows that name a code, not those of a longer code that begins with it."""
    alone = re.compile(rf"(?<![0-9A-Za-z_-]){re.escape(code)}(?![0-9A-Za-z_-])")
    rows = [row for row in tx.people.read_audit(code) if alone.search(f"{row['object']} {row['detail']}")]
    return [dict(row) | {"detail": json.loads(row["detail"])} for row in rows]


def _batch(tx: Transaction, code: str) -> dict[str, Any] | None:
    number = tx.people.read([code])["batch_id"].iloc[0]
    batches = tx.records.read_batches()
    if pd.isna(number) or int(number) not in batches.index:
        return None
    batch = batches.loc[int(number)]
    return {"id": int(number), "file_name": str(batch["file_name"]), "at": str(batch["at"])}
