"""The base page, its fragments and its look."""
