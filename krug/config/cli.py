"""`krug`: every administrative act, from one command line."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from krug.config.commands import CommandFailed
from krug.config.settings.places import data_folder

COMMANDS = {
    "serve": "start the database, the web server and the worker",
    "migrate": "bring the tables up to date",
    "user": "people who may sign in",
    "token": "make a token for the API",
    "import": "read a file or folder of another system",
    "export": "write records into a file",
    "dump": "write the whole company into documented files",
    "banks": "take over the directory of banks of the Bank of Russia",
    "bench": "measure the speed of the main screens on a large base",
    "messages": "collect the texts to translate and merge the translations",
    "doctor": "examine the installation",
    "backup": "write everything into one file",
    "restore": "read everything back from such a file",
    "demo": "tell the story of the demo company",
}


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it has done what was asked."""
    given = _parser(words if words is not None else sys.argv[1:]).parse_args(words)
    os.environ["KRUG_DATA"] = str(Path(given.data).resolve())
    try:
        return given.run(given) or 0
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 141
    except Exception as error:
        if os.environ.get("KRUG_TRACE") or not _is_expected(error):
            raise
        print(f"krug: {_words_of(error)}", file=sys.stderr)
        return 1


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="krug", description="Krug, a CRM of the full cycle.")
    parser.add_argument(
        "--data", default=str(data_folder()), metavar="DIR", help="the data folder (default: %(default)s)"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, help_text in COMMANDS.items():
        command = commands.add_parser(name, help=help_text, description=help_text[0].upper() + help_text[1:] + ".")
        if name in words:
            module = import_module(f"krug.config.commands.{name.replace('import', 'import_files')}")
            module.describe(command)
            command.set_defaults(run=module.run)
    return parser


def _is_expected(error: Exception) -> bool:
    if isinstance(error, (CommandFailed, OSError)):
        return True
    kinds = {
        "krug.config.serving.binaries": ("NoPostgres",),
        "krug.config.serving.installation": ("Unfit",),
        "krug.config.serving.schema": ("MigrationFailed",),
        "krug.config.serving.archive": ("ArchiveFailed",),
        "krug.config.serving.front": ("FrontFailed",),
        "krug.kernel.errors": ("No",),
        "psycopg": ("OperationalError",),
    }
    known = [
        getattr(sys.modules[module], name, None)
        for module, names in kinds.items()
        for name in names
        if module in sys.modules
    ]
    return isinstance(error, tuple(kind for kind in known if kind))


def _words_of(error: Exception) -> str:
    return str(getattr(error, "message", "") or error).strip()


if __name__ == "__main__":
    sys.exit(main())
