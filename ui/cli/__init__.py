"""The command line: every capability as a subcommand, over the same commands and queries as the desktop."""
