"""Who and what the organisation's rules speak of: parties, vendors, models, services."""
