"""Settings, root URLs, and how the site is started."""
