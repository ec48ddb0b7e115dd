"""The commands of `bin/krug`: one module each, with `describe(parser)` and `run(given)`."""


class CommandFailed(Exception):
    """A command could not do what was asked; its message is for the person who asked."""
