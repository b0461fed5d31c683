"""The command line, one command a file: options become a job, its result a report and an exit code."""
