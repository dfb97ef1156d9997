"""Everything that is kept: the record, the ledger, keys, drafts, settings, calls.

All SQL lives here. `schema` holds the tables, `migrations` their history,
`sqlite` and `postgresql` the places where the two differ; `database`
opens units of work over the rest.
"""
