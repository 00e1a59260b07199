"""Telling people what happened: `visible` for single strings, `ledger` for files, `summary` and `screen` for the terminal."""
