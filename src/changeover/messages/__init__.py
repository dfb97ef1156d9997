"""Telling owners of services what an order does to them: written, sent, and kept as sent."""
