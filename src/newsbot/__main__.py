"""``python -m newsbot`` and the console script."""

from newsbot.cli import main

if __name__ == "__main__":
    main()
