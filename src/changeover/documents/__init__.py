"""Files that people bring: their text, its passages, and finding those that answer a question."""
