"""Kills the real server at random moments while phones note moments, starts it again, and looks for what it had
acknowledged: `script/soak crash`, on SQLite or on PostgreSQL (whose processes are killed too)."""
