"""People and groups as a provisioning client keeps them here (SCIM 2.0)."""
