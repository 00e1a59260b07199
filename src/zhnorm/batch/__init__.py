"""Many documents: `walk` finds them, `run` cleans one after another, `write` puts the results in place."""
