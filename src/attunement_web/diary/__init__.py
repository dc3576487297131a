"""Noting moments, the timeline, and what the notes add up to."""
