"""Backups: what a household needs to live again, encrypted, opened once before it counts, and kept for five weeks."""
