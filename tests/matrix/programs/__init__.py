"""Programs, each with an official SDK, unchanged, and each holding its history itself."""
