"""The command line: one command a file; options become settings, settings a flow, its result a report and an exit code."""
