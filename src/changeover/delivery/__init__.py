"""How messages leave: by mail, by webhook, and in a demonstration not at all."""
