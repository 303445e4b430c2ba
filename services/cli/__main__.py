"""Run the command line."""

from services.cli.app import main

main()
