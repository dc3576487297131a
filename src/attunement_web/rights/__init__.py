"""What a family may ask of us about its record: a copy of everything, and that everything is erased."""
