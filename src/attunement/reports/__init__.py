"""Builds a Report value from a coded session, and writes it as HTML, Markdown or JSON."""
