"""Today: what a family sees first."""
