"""The ledger: written (`write`), read (`read`), taken from input to output and back (`replay`), and without some of its changes (`exceptions`)."""
