"""`python -m changeover`: the command line, as the console script runs it."""

from changeover.cli import main

if __name__ == "__main__":
    main()
