"""How well a cleaner does on pages for which a person has said what should be left: `zhnorm eval`."""
