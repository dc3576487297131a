"""Ends a real browser, its tab or its page right after it said "Saved on this phone"; nothing may be lost."""
