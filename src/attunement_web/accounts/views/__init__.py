"""Coming in and going out, proving again who one is, one's own ways in and devices."""
