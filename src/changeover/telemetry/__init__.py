"""Calls as monitoring sees them: metrics for Prometheus and spans for OpenTelemetry."""
