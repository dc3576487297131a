"""Ideas to try, texts to learn from, when to ask, and urgent help: the content as pages."""
