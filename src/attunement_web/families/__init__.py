"""Families, their children, and who belongs."""
