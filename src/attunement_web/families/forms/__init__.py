"""Forms about a child, and about giving access."""
