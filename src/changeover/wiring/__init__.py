"""The only place that constructs things: an installation over a data folder, and its running."""
