"""`python -m edi`."""

from edi.cli.main import cli

cli(prog_name="edi")
