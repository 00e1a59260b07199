"""Telling people what happened: on a terminal (`screen`, `story`, `summary`, `diff`), in a ledger (`ledger`, `records`, `replay`), in a browser (`page`)."""
