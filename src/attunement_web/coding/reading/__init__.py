"""A stranger’s bytes at arm’s length: a process of its own, under limits, believed only when it answers in our shape."""
