"""`edi init`: a first edi.toml."""

from __future__ import annotations

from pathlib import Path

import click

from edi.cli.param_types import FOLDER
from edi.errors import OutputError
from edi.settings import FILE_NAME, load_settings

_TEXT = """\
# Settings of edi. A line that begins with # is an example: take the # away to make it count.

# The ledger remembers what was sent, and under which numbers: a visit converted twice becomes one claim.
# The database and edi.key, the key that patients are hashed with, lie beside this file. Back up both.
[ledger]
url = "sqlite:///edi.db"
# Several machines share one on a PostgreSQL server, and the same edi.key:
# url = "postgresql://edi@db.example.net/edi"
# password_file = "/run/secrets/edi"      # or: password_env = "EDI_PASSWORD"

# Who sends the claims: the ids that the clearinghouse gave you. Without it, test data.
# [submitter]
# id = "BRIGHT01"
# name = "Example Billing Service"
# contact = { name = "Claims Desk", phone = "6145550100" }

# Who takes them. The name after the dot becomes part of file names. Several receivers: each names its payers.
# [receivers.clearinghouse]
# id = "TESTCH01"
# qualifier = "ZZ"
# name = "Example Clearinghouse"
# usage = "T"                             # T for test, P for production
# payers = ["CX014", "CX021"]             # leave out: all that no other receiver names
# submitter = "ACC-4711"                  # what this one calls you, where it is not the id above
# Ids that it wants in ISA and GS and nowhere else: senderQualifier (ISA05), sender (ISA06), receiver (ISA08),
# groupSender (GS02), groupReceiver (GS03).
# envelope = { senderQualifier = "30", sender = "123456789" }

# A payer who asks for more, or counts otherwise: `edi payers` lists profiles, `edi payers --template` begins one.
# [payers.CX014]
# profile = "geha"
"""


@click.command()
@click.argument(
    "folder",
    type=FOLDER,
    default=Path(),
    metavar="[DIR]",
    required=False,
)
@click.option(
    "--new-ledger",
    is_flag=True,
    help="Begin an empty ledger beside the edi.toml and edi.key that are there.",
)
def init(folder: Path, *, new_ledger: bool) -> None:
    """Write a commented edi.toml with a ledger.

    It goes into DIR, or this folder when DIR is not given. An edi.toml that is there is never changed.

    --new-ledger is for a ledger that was lost for good: its edi.key is there, and no backup or export. Every claim that
    was sent may then be sent again, under numbers from 1.
    """
    if new_ledger:
        from edi.ledger import opening

        click.echo(opening.new_ledger(load_settings(folder / FILE_NAME, folder)))
        return
    from edi.x12.output import Staging

    path = folder / FILE_NAME
    with Staging(folder) as staging:
        if path.is_symlink() or path.exists():
            raise OutputError(f"{path} is there already; it was left as it is.")
        staging.open(FILE_NAME).write(_TEXT.encode())
        staging.publish(replace=frozenset())
    click.echo(path)
