"""Speaks HTTP: the page of keys, and the answers to other programs."""
