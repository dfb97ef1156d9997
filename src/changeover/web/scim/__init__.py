"""Provisioning over SCIM 2.0 (RFC 7643 and RFC 7644), through scim2-server.

What imports that library is imported when the first client is let in: it takes a second and
30 MB, which an installation without provisioning has better uses for.
"""
