"""Conversations from files: the product's own, ChatGPT's and Open WebUI's."""
