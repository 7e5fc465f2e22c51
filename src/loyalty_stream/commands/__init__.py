"""The commands of `loyalty-stream`, a module each.

A command imports what it runs inside its function, so that `--help` answers at once.
"""
