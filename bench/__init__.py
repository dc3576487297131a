"""How fast it is, measured and written down: `script/bench [part ...]`."""
