"""Pages of a family: its children, and who may see them."""
