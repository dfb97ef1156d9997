"""What calls cost, and how much may be spent and asked."""
