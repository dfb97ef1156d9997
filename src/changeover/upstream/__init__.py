"""The only way out to vendors' endpoints, and what is found to send to."""
