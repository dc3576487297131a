"""Long runs that no test has time for: `script/soak NAME`."""
