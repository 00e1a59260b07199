"""`python -m zhnorm` is `zhnorm`."""

from zhnorm.cli.main import main

if __name__ == "__main__":
    main()
