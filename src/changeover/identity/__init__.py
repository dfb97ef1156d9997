"""Who calls and who signs in: the services' API keys, people's accounts and sessions."""
