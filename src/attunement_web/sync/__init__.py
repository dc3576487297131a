"""How moments travel between phones and server: pushed once, merged, and pulled in order."""
