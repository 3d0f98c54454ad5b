"""The first tables: the layers, their books, and what makes the file a GeoPackage."""

import sqlalchemy as sa
from alembic import op

from services.store.geopackage import Geometry, create_system_tables, register_tables
from services.store.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_system_tables(op.get_bind())
    op.create_table(
        "assignments",
        sa.Column("member_code", sa.Text(), nullable=False),
        sa.Column("grid_code", sa.Text(), nullable=True),
        sa.Column("estate_code", sa.Text(), nullable=True),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("distance_m", sa.Float(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("ambiguous", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("member_code"),
    )
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignments_estate_code"), ["estate_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignments_grid_code"), ["grid_code"], unique=False)

    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_at", ["at"], unique=False)

    op.create_table(
        "batches",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("datum", sa.Text(), nullable=True),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("rows_accepted", sa.Integer(), nullable=False),
        sa.Column("rows_rejected", sa.Integer(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("taken_back_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "communities",
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_code", sa.Text(), nullable=True),
        sa.Column("residents", sa.Integer(), nullable=True),
        sa.Column("households", sa.Integer(), nullable=True),
        sa.Column("outsiders", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("geom", Geometry(kind="MULTIPOLYGON"), nullable=True),
        sa.PrimaryKeyConstraint("fid"),
        sa.UniqueConstraint("code"),
    )
    with op.batch_alter_table("communities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_communities_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_communities_parent_code"), ["parent_code"], unique=False)

    op.create_table(
        "districts",
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_code", sa.Text(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("geom", Geometry(kind="MULTIPOLYGON"), nullable=True),
        sa.PrimaryKeyConstraint("fid"),
        sa.UniqueConstraint("code"),
    )
    with op.batch_alter_table("districts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_districts_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_districts_parent_code"), ["parent_code"], unique=False)

    op.create_table(
        "estates",
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_code", sa.Text(), nullable=True),
        sa.Column("residents", sa.Integer(), nullable=True),
        sa.Column("households", sa.Integer(), nullable=True),
        sa.Column("outsiders", sa.Integer(), nullable=True),
        sa.Column("blocks", sa.Integer(), nullable=True),
        sa.Column("gates", sa.Integer(), nullable=True),
        sa.Column("managed", sa.Boolean(), nullable=True),
        sa.Column("mixed_use", sa.Boolean(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("geom", Geometry(), nullable=True),
        sa.PrimaryKeyConstraint("fid"),
        sa.UniqueConstraint("code"),
    )
    with op.batch_alter_table("estates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_estates_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_estates_parent_code"), ["parent_code"], unique=False)

    op.create_table(
        "facts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "grids",
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_code", sa.Text(), nullable=True),
        sa.Column("residents", sa.Integer(), nullable=True),
        sa.Column("households", sa.Integer(), nullable=True),
        sa.Column("outsiders", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("geom", Geometry(kind="MULTIPOLYGON"), nullable=True),
        sa.PrimaryKeyConstraint("fid"),
        sa.UniqueConstraint("code"),
    )
    with op.batch_alter_table("grids", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grids_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_grids_parent_code"), ["parent_code"], unique=False)

    op.create_table(
        "header_maps",
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("headers_sha256", sa.Text(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("layer", "headers_sha256"),
    )
    op.create_table(
        "members",
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("community_code", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("identity_hash", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("skills", sa.Text(), nullable=True),
        sa.Column("available_workday", sa.Float(), nullable=True),
        sa.Column("available_evening", sa.Float(), nullable=True),
        sa.Column("available_weekend", sa.Float(), nullable=True),
        sa.Column("available_night", sa.Float(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("geom", Geometry(kind="POINT"), nullable=True),
        sa.PrimaryKeyConstraint("fid"),
        sa.UniqueConstraint("code"),
    )
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_members_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_members_community_code"), ["community_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_members_identity_hash"), ["identity_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_members_unit_code"), ["unit_code"], unique=False)

    op.create_table(
        "modes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approver", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "roads",
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("geom", Geometry(), nullable=True),
        sa.PrimaryKeyConstraint("fid"),
        sa.UniqueConstraint("code"),
    )
    with op.batch_alter_table("roads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roads_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "subdistricts",
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_code", sa.Text(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("geom", Geometry(kind="MULTIPOLYGON"), nullable=True),
        sa.PrimaryKeyConstraint("fid"),
        sa.UniqueConstraint("code"),
    )
    with op.batch_alter_table("subdistricts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subdistricts_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_subdistricts_parent_code"), ["parent_code"], unique=False)

    op.create_table(
        "teams",
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_code", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("leader", sa.Text(), nullable=True),
        sa.Column("leader_role", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("skills", sa.Text(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("geom", Geometry(kind="POINT"), nullable=True),
        sa.PrimaryKeyConstraint("fid"),
        sa.UniqueConstraint("code"),
    )
    with op.batch_alter_table("teams", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_teams_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_teams_parent_code"), ["parent_code"], unique=False)

    op.create_table(
        "units",
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("community_codes", sa.Text(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("geom", Geometry(kind="POINT"), nullable=True),
        sa.PrimaryKeyConstraint("fid"),
        sa.UniqueConstraint("code"),
    )
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_units_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "versions",
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("part"),
    )
    op.create_table(
        "water",
        sa.Column("fid", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("geom", Geometry(), nullable=True),
        sa.PrimaryKeyConstraint("fid"),
        sa.UniqueConstraint("code"),
    )
    with op.batch_alter_table("water", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_water_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "replaced_rows",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("row", sa.Text(), nullable=False),
        sa.Column("geom", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batches.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("replaced_rows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_replaced_rows_batch_id"), ["batch_id"], unique=False)
    register_tables(op.get_bind(), metadata)
