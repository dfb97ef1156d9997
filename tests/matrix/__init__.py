"""Every client, every upstream, every feature: what is carried, converted, reported or refused."""
