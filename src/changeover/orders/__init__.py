"""Instruments, what they mean at an instant, and the decision for one call."""
