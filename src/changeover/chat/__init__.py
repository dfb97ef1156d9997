"""Conversations of people with whatever model may answer them today."""
