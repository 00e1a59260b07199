"""The ledger: written (`write`), read (`read`, `record`), and taken from input to output and back (`replay`, `files`, `exceptions`)."""
