"""The sync explorer: thousands of small families, the phone's own logic and the server's own code, and seeded mishaps."""
