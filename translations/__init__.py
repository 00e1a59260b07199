"""What zhnorm says to people, and its translations: finding the messages, keeping the catalogs, compiling them.

`python -m translations` brings the catalogs up to date with the sources and says what lacks a translation; README.md beside this
file has the glossary. A translation is a file `zhnorm.po` in `src/zhnorm/data/locale`, which every editor of gettext's catalogs reads.
"""
