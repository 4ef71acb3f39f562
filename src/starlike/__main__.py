"""`python -m starlike` is the command line."""

from starlike.cli import main

if __name__ == "__main__":
    main()
