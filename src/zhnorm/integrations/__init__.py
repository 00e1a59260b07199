"""zhnorm inside other libraries: Scrapy, pandas, polars, Hugging Face datasets, Apache Spark and DuckDB.

One module each, which needs the library of its name (`pip install 'zhnorm[pandas]'` and so on); nothing else of zhnorm does. All of
them go through `Cleaner.clean_many` by way of `columns`, so a text comes out as `zhnorm.clean` gives it, wherever it stands. What each
one offers stands in docs/integrations.md.
"""
