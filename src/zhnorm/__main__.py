"""`python -m zhnorm` is `zhnorm`."""

from zhnorm.cli import main

if __name__ == "__main__":
    main()
