"""The ledger: append-only, who changed what and who looked."""
