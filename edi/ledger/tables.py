"""The tables. A change here comes with a migration in `edi/ledger/migrations/versions` and its id in `REVISION`."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

REVISION: Final = "0001"
METADATA: Final = MetaData()
VERSION_TABLE: Final = "alembic_version"
"""Alembic's own table, which holds the revision."""

_Number = BigInteger().with_variant(Integer, "sqlite")  # only an INTEGER is SQLite's own row number

META = Table("meta", METADATA, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))
"""`key`: the fingerprint of the key that patients are hashed with; "" from when the tables are made until the key is."""

COUNTER = Table(
    "counter",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)
"""The last number taken, by kind and by whose it is. It counts on where the control number rolls over."""

RUN = Table(
    "run",
    METADATA,
    Column("id", _Number, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("folder", Text, nullable=False),
    Column("staging", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("first_claim", _Number, nullable=False),
    Column("kept", Text),
)
"""A convert that wrote files: `unfinished` until all of them are in `folder`, then `written`. `kept` is the file of
`edi.ledger.kept` with its claims, None once they are pruned; the claim in its first line has the id `first_claim`."""

FILE = Table(
    "file",
    METADATA,
    Column("id", _Number, primary_key=True, autoincrement=False),
    Column("run_id", _Number, ForeignKey("run.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("receiver", Text, nullable=False),
    Column("serial", BigInteger, nullable=False),
    Column("number", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("claims", Integer, nullable=False),
    Column("state", Text, nullable=False),
    UniqueConstraint("receiver", "kind", "serial", name="file_number"),
)
"""A file, and the state of all its claims that have no state of their own."""

CLAIM = Table(
    "claim",
    METADATA,
    Column("id", _Number, primary_key=True, autoincrement=False),
    Column("file_id", _Number, ForeignKey("file.id"), nullable=False, index=True),
    Column("practice", Text, nullable=False),
    Column("visit_id", Text, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("frequency", Text, nullable=False),
    Column("patient", Text, nullable=False, index=True),
    Column("payer_id", Text, nullable=False),
    Column("control_number", Text, nullable=False, index=True),
    Column("payer_number", Text),
    Column("service_date", Text),
    Column("cents", BigInteger, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("corrects", _Number),
    Column("corrected_by", _Number),
    Column("state", Text),
    UniqueConstraint("visit_id", "practice", "generation", name="claim_visit"),
)
"""`control_number` is CLM01, `payer_number` the payer's own number. `corrects` and `corrected_by` are ids of claims: a
replacement or void, and the claim it corrects. `state` is None until something happens to the claim alone: until then its
file's state holds."""

Index("claim_payer_number", CLAIM.c.payer_number, postgresql_where=CLAIM.c.payer_number.is_not(None),
      sqlite_where=CLAIM.c.payer_number.is_not(None))  # fmt: skip

LINE = Table(
    "line",
    METADATA,
    Column("claim_id", _Number, ForeignKey("claim.id"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("code", Text, nullable=False),
    Column("tooth", Text),
    Column("service_date", Text),
    Column("cents", BigInteger, nullable=False),
    Column("quantity", Integer, nullable=False),
)

ATTACHMENT = Table(
    "attachment",
    METADATA,
    Column("claim_id", _Number, ForeignKey("claim.id"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("control_number", Text, nullable=False, index=True),
)

EPISODE_VISIT = Table(
    "episode_visit",
    METADATA,
    Column("patient", Text, primary_key=True),
    Column("tooth", Text, primary_key=True),
    Column("service_date", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("claim_id", _Number, ForeignKey("claim.id"), nullable=False, index=True),
)
"""A visit that no claim of the ledger billed: only the episode of a claim names it."""

EVENT = Table(
    "event",
    METADATA,
    Column("id", _Number, primary_key=True),
    Column("claim_id", _Number, ForeignKey("claim.id"), index=True),
    Column("file_id", _Number, ForeignKey("file.id"), index=True),
    Column("kind", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("detail", Text, nullable=False),
    sqlite_autoincrement=True,
)
"""What happened, in order; rows are only added. Without `claim_id` it happened to every claim of the file."""
