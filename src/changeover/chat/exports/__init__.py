"""Conversations as files: Markdown, Word, the product's own JSON, and a page to print."""
