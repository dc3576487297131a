"""Cuts the power: records every write and sync of the real server on its SQLite files, then replays what a disk may hold
after a cut at any moment, and looks for what had been acknowledged before it: `script/soak power`."""
