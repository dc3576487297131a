"""Finds among events what the measures count: replies, turns, upset episodes, shared states; and reads noted moments."""
