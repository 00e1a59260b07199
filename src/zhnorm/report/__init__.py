"""Telling people what happened: on the terminal (`visible`, `summary`, `screen`) and in files (`ledger`, `diff`)."""
