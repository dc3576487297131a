"""Canary words in every text field of a family, exported, erased, and then looked for in every file of the household."""
