"""The ledger: which claims were sent, under which numbers, and what became of them. The only room with SQL.

`edi.ledger.ledger.open_ledger` opens the ledger that edi.toml names. The modules that workers import (`entry`, `keys`,
`numbers`, `pending`) need no database.
"""
