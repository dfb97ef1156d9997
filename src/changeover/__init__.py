"""Changeover: an AI assistant and model gateway whose model vendor can be ordered out."""

__version__ = "0.1.0.dev0"
