"""The site: Django apps of one shape, on top of the library."""
