"""The command line: one module a command, imported when it is called.

Exit codes: 0 fine, 1 problems found (in a model, in a test, in a lead), 2 wrong usage or input that
cannot be read. Results go to standard output, all else to standard error.
"""
