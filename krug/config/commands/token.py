"""A token for the API, from the command line."""

import argparse
import json
from pathlib import Path

from krug.config.commands import CommandFailed
from krug.config.serving.installation import enter, installation


def describe(parser: argparse.ArgumentParser) -> None:
    """Whose token, and what it may do."""
    parser.add_argument("email", metavar="EMAIL", help="whose rights the token has")
    parser.add_argument(
        "--scope", nargs="+", action="extend", default=[], metavar="S", help="such as deal:view or deal:*"
    )
    parser.add_argument("--name", default="command line", help="what it is for")
    parser.add_argument("--days", type=int, default=90, help="how long it lives (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(given: argparse.Namespace) -> None:
    """Print the token, once, as the last line."""
    with installation(Path(given.data)) as here:
        enter(here)
        from krug.access.models import User
        from krug.administration.actions.people import setup_actor
        from krug.administration.actions.tokens import issue_token

        person = User.objects.filter(email__iexact=given.email, is_system=False).first()
        if person is None:
            raise CommandFailed(f"There is nobody with the e-mail {given.email}.")
        issued = issue_token(person, given.scope, by=setup_actor(), name=given.name, days=given.days)
        if given.json:
            until = issued.token.expires_at.isoformat(timespec="seconds")
            print(json.dumps({"token": issued.text, "scopes": issued.token.scopes, "expires_at": until}))
        else:
            print(f"Valid until {issued.token.expires_at:%Y-%m-%d} for {', '.join(issued.token.scopes)}:")
            print(issued.text)
