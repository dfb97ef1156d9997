"""Who keeps an order and who does not, and what can be shown for it."""
