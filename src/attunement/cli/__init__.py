"""The `attunement` command."""
