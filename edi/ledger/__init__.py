"""What was sent, under which numbers, and what became of it: the only room that speaks SQL.

`edi.ledger.ledger.open_ledger` opens the one that edi.toml names. The modules that workers import (`entry`, `keys`,
`numbers`, `pending`) need no database.
"""
