"""What a release is made of: a bill of materials, and an audit of it."""
