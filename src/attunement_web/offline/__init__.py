"""What a phone keeps to note, read and find help without a network: the shell page, its worker, its kit, its store."""
