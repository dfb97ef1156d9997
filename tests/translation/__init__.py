"""Translating texts and documents."""
