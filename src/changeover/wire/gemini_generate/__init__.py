"""Gemini's generateContent protocol (`POST /v1beta/models/{model}:generateContent`)."""
