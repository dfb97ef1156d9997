"""OpenAI's Responses protocol (`POST /v1/responses`): text, images and tools."""
