"""Django's PostgreSQL backend that takes no connection on which a commit might be lost."""
