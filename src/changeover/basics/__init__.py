"""What every other package may use: time, ids, calendars, canonical JSON, errors."""
