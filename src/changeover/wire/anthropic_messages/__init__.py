"""Anthropic's Messages protocol (`POST /v1/messages`)."""
