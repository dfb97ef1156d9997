"""Faithful, strict imitations of vendors' endpoints: the default models of a bare machine."""
