"""Records for isolated networks: carried there as signed files, and nothing secret below."""
