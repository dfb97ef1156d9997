"""Vendors' terms as ODRL 2.2 policies: reading and writing them."""
