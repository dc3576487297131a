"""A package, so that its world ends with its last test: until then no other thread may write."""
