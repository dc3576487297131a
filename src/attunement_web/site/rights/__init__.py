"""Copies and erasures from the command line, and what of them the running site does by itself."""
