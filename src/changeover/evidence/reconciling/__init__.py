"""Reconciliation: what others counted, beside what the ledger tells."""
