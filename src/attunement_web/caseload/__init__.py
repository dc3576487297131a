"""What practitioners see of the children whose families let them look, and only that."""
