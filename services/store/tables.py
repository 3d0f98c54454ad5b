"""Every table of the store, once: the embedded GeoPackage and migrations are made from these.

Layer tables have ``fid`` (the integer key GeoPackage asks for), ``code`` (the key people know) and ``batch_id`` (the
import that last wrote the row). Geometry is longitude, latitude in EPSG:4326.
"""

from collections.abc import Mapping, Set
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    false,
)
from sqlalchemy.types import TypeEngine

from geo.schema import Layer
from geo.validate import GeometryKinds
from services.catalog.fields import Kind
from services.catalog.layers import LAYERS, LayerSpec
from services.store.geopackage import Geometry

metadata: Final = MetaData()


_SQL_TYPES: Final[Mapping[Kind, type[TypeEngine[Any]]]] = {
    Kind.COUNT: Integer,
    Kind.FLAG: Boolean,
    Kind.SHARE: Float,
}
"""How values of a kind are kept; all others as text."""


def number_column(name: str = "id") -> Column[int]:
    """Return the column of the number by which a row is known."""
    return Column(name, Integer, primary_key=True, autoincrement=True)


def text_columns(*names: str) -> list[Column[str]]:
    """Return columns of texts that are always there."""
    return [Column(name, Text, nullable=False) for name in names]


def _layer(spec: LayerSpec) -> Table:
    """Return the table of a layer: key, code, name, then its own columns, then batch and geometry."""
    own = (each for each in spec.fields if each.is_stored and not each.is_apart and each.name not in {"code", "name"})
    return Table(
        spec.layer.value,
        metadata,
        number_column("fid"),
        Column("code", Text, nullable=False, unique=True),
        Column("name", Text, nullable=False, default=""),
        *(Column(field.name, _SQL_TYPES.get(field.kind, Text), index=field.is_indexed or None) for field in own),
        Column("batch_id", Integer, index=True),
        Column("geom", Geometry(_geometry(spec.shapes))),
    )


def _geometry(shapes: Set[GeometryKinds]) -> str:
    """Return the kind of a geometry column as GeoPackage spells it."""
    if shapes == {GeometryKinds.AREA}:
        return "MULTIPOLYGON"
    return "POINT" if shapes <= {GeometryKinds.POINT, GeometryKinds.NOTHING} else "GEOMETRY"


layers: Final[dict[Layer, Table]] = {layer: _layer(spec) for layer, spec in LAYERS.items()}

pairings: Final = Table(
    "pairings",
    metadata,
    *(Column(name, Text, primary_key=True) for name in ("unit_code", "community_code", "kind")),
    Column("plaque", Boolean, nullable=False, server_default=false()),
    *(Column(name, Text) for name in ("since", "until")),
    Column("batch_id", Integer, index=True),
    Index("ix_pairings_community_code", "community_code"),
)
"""Which units are paired with which communities (结对, 报到): days in ISO 8601, ``since`` null where nobody knows,
``until`` null while it is live. ``batch_id``: the import that wrote the row last, null for a person."""

assignments: Final = Table(
    "assignments",
    metadata,
    Column("member_code", Text, primary_key=True),
    Column("grid_code", Text, index=True),
    Column("estate_code", Text, index=True),
    Column("method", Text, nullable=False),
    Column("distance_m", Float),
    Column("confidence", Float, nullable=False),
    Column("ambiguous", Boolean, nullable=False, default=False),
)

batches: Final = Table(
    "batches",
    metadata,
    number_column(),
    *text_columns("layer", "file_name", "file_sha256", "at", "actor"),
    Column("datum", Text),
    Column("rows_read", Integer, nullable=False),
    Column("rows_accepted", Integer, nullable=False),
    Column("rows_rejected", Integer, nullable=False),
    Column("report", Text, nullable=False),
    Column("taken_back_at", Text),
)

replaced_rows: Final = Table(
    "replaced_rows",
    metadata,
    number_column(),
    Column("batch_id", ForeignKey("batches.id"), nullable=False, index=True),
    *text_columns("layer", "code", "row"),
    Column("geom", LargeBinary),
)

header_maps: Final = Table(
    "header_maps",
    metadata,
    Column("layer", Text, primary_key=True),
    Column("headers_sha256", Text, primary_key=True),
    Column("mapping", Text, nullable=False),
)

modes: Final = Table(
    "modes",
    metadata,
    number_column(),
    *text_columns("mode", "since"),
    Column("until", Text),
    *text_columns("reason", "approver", "actor"),
)

audit: Final = Table(
    "audit",
    metadata,
    number_column(),
    *text_columns("at", "actor", "action", "object", "detail"),
    Column("previous", Text, nullable=False, default="", server_default=""),
    Column("digest", Text, nullable=False, default="", server_default=""),
    Index("ix_audit_at", "at"),
)
"""What was done. ``digest`` covers the row and ``previous``, the digest of the row before: a chain."""

versions: Final = Table(
    "versions",
    metadata,
    Column("part", Text, primary_key=True),
    Column("version", Integer, nullable=False),
)

facts: Final = Table(
    "facts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

plans: Final = Table(
    "plans",
    metadata,
    number_column(),
    *text_columns("name", "state", "window_start", "window_end", "mode", "settings", "versions"),
    Column("position", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("copied_from", Integer),
    *text_columns("created_at", "created_by", "changed_at", "changed_by"),
    Column("event_id", Text, nullable=False, unique=True),
)
"""``position`` is how many of the plan's steps hold; ``revision`` grows with every change; ``event_id`` made it."""

plan_steps: Final = Table(
    "plan_steps",
    metadata,
    Column("plan_id", ForeignKey("plans.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    *text_columns("kind", "removed", "added", "at", "actor"),
)
"""What was done to a plan, in order: the moves it took out and those it put in. Undo and redo walk along it."""

plan_events: Final = Table(
    "plan_events",
    metadata,
    Column("plan_id", ForeignKey("plans.id"), primary_key=True),
    Column("event_id", Text, primary_key=True),
    Column("at", Text, nullable=False),
)
"""What clients have sent already, so that nothing sent twice is done twice."""

orders: Final = Table(
    "orders",
    metadata,
    number_column(),
    Column("plan_id", ForeignKey("plans.id"), nullable=False, index=True),
    Column("team_code", Text, nullable=False, index=True),
    Column("team_name", Text, nullable=False),
    Column("people", Integer, nullable=False),
    *text_columns("from_code", "to_code", "estate_code", "start", "end"),
    Column("until", Text, nullable=False, index=True),
    *text_columns("mode", "purpose"),
    Column("bring", Text, nullable=False, server_default=""),
    Column("minutes", Float),
    Column("reason", Text, nullable=False),
    Column("relieves", Integer),
    *text_columns("sent_at", "sent_by"),
)
"""Teams that were sent: from ``start`` to ``end`` as ordered, ``until`` as it stands after recall or relief."""

order_events: Final = Table(
    "order_events",
    metadata,
    number_column(),
    Column("order_id", ForeignKey("orders.id"), nullable=False, index=True),
    Column("team_code", Text, nullable=False, index=True),
    *text_columns("at", "actor", "what", "detail"),
)
"""The history of every team: sent, recalled, relieved."""

team_members: Final = Table(
    "team_members",
    metadata,
    Column("team_code", Text, primary_key=True),
    Column("member_code", Text, primary_key=True, index=True),
    Column("place", Text, nullable=False),
)
"""Who stands in a team that was formed here; ``place`` is the one they fill in its template."""

meeting_points: Final = Table(
    "meeting_points",
    metadata,
    Column("layer", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    *text_columns("place", "contact", "at", "actor"),
)
"""Where people who are sent to a grid or an estate come together, and whom they report to (sealed)."""

calls: Final = Table(
    "calls",
    metadata,
    number_column(),
    Column("grid_code", Text, nullable=False, index=True),
    *text_columns("start", "end"),
    Column("people", Integer, nullable=False),
    *text_columns("at", "actor"),
)
"""Recruitment calls that were given out: how many people of which grid were asked for which window."""

briefings: Final = Table(
    "briefings",
    metadata,
    number_column("number"),
    *text_columns("made_at", "made_by", "window_start", "window_end", "mode"),
    Column("data_version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("maps", LargeBinary),
    Column("area", Text, nullable=False, server_default="all"),
)
"""Frozen briefings: ``area`` says for whom (``services.rules.areas``), ``body`` holds every word in every language,
``maps`` what the maps draw."""

briefing_templates: Final = Table(
    "briefing_templates",
    metadata,
    Column("name", Text, primary_key=True),
    Column("area", Text, primary_key=True),
    *text_columns("body", "changed_at", "changed_by"),
)
"""Choices of sections with their order and comments; ``area`` says to whom one belongs."""

accounts: Final = Table(
    "accounts",
    metadata,
    number_column(),
    Column("name", Text, nullable=False, unique=True),
    Column("display_name", Text, nullable=False),
    Column("password_hash", Text),
    Column("totp", Text),
    Column("oidc_subject", Text, unique=True),
    Column("is_demo", Boolean, nullable=False, default=False),
    Column("must_change", Boolean, nullable=False, default=False),
    Column("disabled_at", Text),
    *text_columns("created_at", "created_by"),
    Column("password_at", Text),
    Column("former_hashes", Text, nullable=False, default="", server_default=""),
)
"""Who may sign in. ``totp`` is sealed with the store's key; ``must_change``: the next thing is a new password.
``former_hashes``: of the passwords before this one, the newest first, one a line.
"""

grants: Final = Table(
    "grants",
    metadata,
    number_column(),
    Column("account_id", ForeignKey("accounts.id"), nullable=False, index=True),
    *text_columns("role", "area"),
)
"""A role held for an area, as ``services.rules.areas.parse_area`` reads it."""

sessions: Final = Table(
    "sessions",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("grant_id", Integer, nullable=False),
    *text_columns("address", "created_at", "seen_at"),
    Column("ended_at", Text),
    Column("browser", Text, nullable=False, default="", server_default=""),
    Column("method", Text, nullable=False, default="password", server_default="password"),
)
"""Who is signed in, by password or by the office's own sign-in (``outside``). Of the token only a hash is kept."""

attempts: Final = Table(
    "attempts",
    metadata,
    number_column(),
    Column("at", Text, nullable=False, index=True),
    Column("name", Text, nullable=False, index=True),
    Column("address", Text, nullable=False, index=True),
    Column("succeeded", Boolean, nullable=False),
    Column("browser", Text, nullable=False, default="", server_default=""),
)
"""Attempts to sign in, right and wrong. ``browser``: number of a browser in which the account signed in before."""

claims: Final = Table(
    "claims",
    metadata,
    number_column(),
    Column("estate_code", Text, index=True),
    Column("grid_code", Text, nullable=False, index=True),
    Column("blocks", Text, nullable=False),
    Column("households", Integer, nullable=False),
    Column("member_code", Text, index=True),
    Column("team_code", Text),
    Column("unit_code", Text),
    Column("shared", Boolean, nullable=False),
    *text_columns("reason", "since"),
    Column("until", Text),
    *text_columns("changed_at", "changed_by"),
    CheckConstraint(
        " + ".join(f"CASE WHEN {kind}_code IS NULL THEN 0 ELSE 1 END" for kind in ("member", "team", "unit")) + " = 1",
        name="ck_claims_holder",
    ),
)
"""Responsibility areas (责任区): buildings of an estate, or of a grid outside estates, that a member, a team or a unit
takes care of. ``blocks``: numbers of buildings joined by ``;``; days in ISO 8601, ``until`` null while it is live."""

member_skills: Final = Table(
    "member_skills",
    metadata,
    Column("member_code", Text, primary_key=True),
    Column("skill", Text, primary_key=True, index=True),
    *text_columns("level"),
    Column("valid_until", Text),
)
"""What members can do: a code of the catalogue or a word that stands in none, ``stated`` or ``checked`` until a day."""
