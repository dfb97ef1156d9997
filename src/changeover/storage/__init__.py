"""Everything that is kept: the record, the ledger, keys, drafts, settings, calls.

All SQL lives here. `schema` holds the tables, `migrations` their history,
`sqlite` the one place where SQLite differs from other databases; `database`
opens units of work over the rest.
"""
