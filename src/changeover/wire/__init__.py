"""Protocols' codecs: a client's or a vendor's bytes to canonical values and back."""
