"""OpenAI's Chat Completions protocol (`POST /v1/chat/completions`)."""
