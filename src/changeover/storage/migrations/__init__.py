"""The schema's history. Migrations go forward only, on every database alike."""
