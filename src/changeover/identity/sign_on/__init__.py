"""Signing in with the organisation's identity provider, by OpenID Connect."""
