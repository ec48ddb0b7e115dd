"""The commands of `bin/krug`: one module each, with `describe(parser)` and `run(given)`."""
