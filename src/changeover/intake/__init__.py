"""From documents to drafts of instruments and claims; it proposes and never issues."""
