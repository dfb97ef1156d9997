"""Who calls: the services' API keys."""
