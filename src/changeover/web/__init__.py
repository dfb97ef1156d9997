"""Thin HTTP: the gateway's endpoints, what is running, the officers' desk, the pages."""
