"""The append-only, hash-treed record of instruments, decisions and changes.

`entries` says what an entry is, `tree` hashes entries into one root,
`checkpoint` signs a root, `usecases` appends, `verification` checks a whole
ledger without trusting whoever keeps it. An entry holds names, digests,
outcomes and counts, never contents.
"""
