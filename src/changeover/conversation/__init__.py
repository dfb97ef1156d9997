"""Turns, parts and stream events in one form that belongs to no vendor."""
