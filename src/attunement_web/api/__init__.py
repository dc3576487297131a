"""The way in for other programs, and for the phone's offline part: `/api/v1/`, and the keys that open it."""
