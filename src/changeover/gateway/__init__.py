"""One call: authorise, decide, translate, stream, record."""
