"""People who may sign in, from the command line."""

import argparse
import json
from pathlib import Path

from krug.config.serving.installation import enter, installation


def describe(parser: argparse.ArgumentParser) -> None:
    """What is known of the person."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    add = acts.add_parser("add", help="let somebody in", description="Let somebody in.")
    add.add_argument("email", metavar="EMAIL")
    add.add_argument("--role", required=True, help="the code of a role, such as seller or administrator")
    add.add_argument("--team", default="", help="the name of a team")
    add.add_argument("--name", default="", help="how the person is called")
    add.add_argument("--password", required=True, help="at least 12 characters")
    add.add_argument("--json", action="store_true", help="print the result as JSON")


def run(given: argparse.Namespace) -> None:
    """Let the person in, in the name of the installation itself."""
    with installation(Path(given.data)) as here:
        enter(here)
        from krug.administration.actions.people import add_user, setup_actor

        person = add_user(
            given.email, given.role, password=given.password, team=given.team, name=given.name, by=setup_actor()
        )
        if given.json:
            print(json.dumps({"id": person.pk, "email": person.email, "role": given.role}))
        else:
            print(f"{person.email} may sign in as {given.role}.")
