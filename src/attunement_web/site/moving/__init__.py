"""Carries a household or a program from one database to another, and holds both ends against each other."""
