"""Schemathesis over the API's own document: what the document allows, and much that it does not."""
