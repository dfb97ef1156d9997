"""A second interpreter of docs/rules.md: slow, plain, and written from that page alone."""
