"""How long conversations are kept, and what keeps them longer: retention and legal holds."""
