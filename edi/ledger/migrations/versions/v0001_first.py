"""The first ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _id(name: str = "id", to: str | None = None, *, key: bool = True, null: bool = False) -> sa.Column[int]:
    target = [sa.ForeignKey(to)] if to else []
    return sa.Column(name, _Number, *target, primary_key=key, autoincrement=False, nullable=null)


def _texts(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=null) for name in names]


def upgrade() -> None:
    op.create_table("meta", sa.Column("name", sa.Text, primary_key=True), *_texts("value"))
    op.create_table(
        "counter",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "run",
        _id(),
        *_texts("state", "folder", "staging", "host", "at"),
        _id("first_claim", key=False),
        *_texts("kept", null=True),
    )
    op.create_table(
        "file",
        _id(),
        _id("run_id", "run.id", key=False),
        *_texts("kind", "name", "receiver"),
        sa.Column("serial", sa.BigInteger, nullable=False),
        *_texts("number", "sha256"),
        sa.Column("claims", sa.Integer, nullable=False),
        *_texts("state"),
        sa.UniqueConstraint("receiver", "kind", "serial", name="file_number"),
    )
    op.create_table(
        "claim",
        _id(),
        _id("file_id", "file.id", key=False),
        *_texts("practice", "visit_id"),
        sa.Column("generation", sa.Integer, nullable=False),
        *_texts("purpose", "frequency", "patient", "payer_id", "control_number"),
        *_texts("payer_number", "service_date", null=True),
        sa.Column("cents", sa.BigInteger, nullable=False),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        _id("corrects", key=False, null=True),
        _id("corrected_by", key=False, null=True),
        *_texts("state", null=True),
        sa.UniqueConstraint("visit_id", "practice", "generation", name="claim_visit"),
    )
    op.create_table(
        "line",
        _id("claim_id", "claim.id"),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        *_texts("code"),
        *_texts("tooth", "service_date", null=True),
        sa.Column("cents", sa.BigInteger, nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
    )
    op.create_table(
        "attachment",
        _id("claim_id", "claim.id"),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        *_texts("control_number"),
    )
    op.create_table(
        "episode_visit",
        *(
            sa.Column(name, sa.Text, primary_key=True)
            for name in ("patient", "tooth", "service_date", "code")
        ),
        _id("claim_id", "claim.id", key=False),
    )
    op.create_table(
        "event",
        sa.Column("id", _Number, primary_key=True),
        _id("claim_id", "claim.id", key=False, null=True),
        _id("file_id", "file.id", key=False, null=True),
        *_texts("kind", "at", "source", "detail"),
        sqlite_autoincrement=True,
    )
    for table, column in (
        ("file", "run_id"),
        ("claim", "file_id"),
        ("claim", "patient"),
        ("claim", "control_number"),
        ("attachment", "control_number"),
        ("episode_visit", "claim_id"),
        ("event", "claim_id"),
        ("event", "file_id"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column])
    known = sa.text("payer_number IS NOT NULL")
    op.create_index(
        "claim_payer_number", "claim", ["payer_number"], postgresql_where=known, sqlite_where=known
    )
