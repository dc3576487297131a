"""Understands what a person fills in to make a token, and what programs send."""
