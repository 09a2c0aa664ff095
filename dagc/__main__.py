"""`python -m dagc`."""

from dagc.cli import main

main()
