"""OpenAI's Responses protocol (`POST /v1/responses`), text turns."""
