"""Read the files of another system."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from krug.config.commands import CommandFailed
from krug.config.serving.installation import enter, installation

MOST_EXAMPLES = 20


def describe(parser: argparse.ArgumentParser) -> None:
    """What to read, how, and whether only to look."""
    parser.add_argument("path", metavar="PATH", help="a folder or a file")
    parser.add_argument("--preset", default="", metavar="NAME", help="whose files they are, such as maven-crm; "
                        "without it the files are recognised by their columns")  # fmt: skip
    parser.add_argument("--plan", metavar="FILE", help="a plan to follow; --show-plan prints the one that is guessed")
    parser.add_argument("--encoding", default="", metavar="NAME", help="of text files, such as cp1251; "
                        "without it the encoding is recognised")  # fmt: skip
    parser.add_argument("--separator", default="", metavar="SIGN", help="of text tables: , ; | or tab")
    parser.add_argument("--show-plan", action="store_true", help="print the plan and end")
    parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(given: argparse.Namespace) -> None:
    """Import in the name of the installation itself, and print what was found, mended, refused and written."""
    path = Path(given.path).resolve()
    with installation(Path(given.data)) as here:
        enter(here)
        from krug.administration.actions.people import setup_actor
        from krug.exchange.importing.presets import files_in, get_preset
        from krug.exchange.importing.running import carry_out

        if not given.preset:
            _by_plan(given, path, setup_actor())
            return
        files = {path.name.lower(): path} if path.is_file() else files_in(path)
        progress = _silent if given.json or not sys.stderr.isatty() else _told
        preset = get_preset(given.preset)
        findings = carry_out(preset, files, by=setup_actor(), write=not given.dry_run, progress=progress).as_json()
    if given.json:
        print(json.dumps(findings | {"dry_run": given.dry_run}, ensure_ascii=False, indent=2, default=str))
    else:
        _say(findings, is_check=given.dry_run)
    if findings["refused"] and not sum(findings["read"].values()):
        raise CommandFailed("Nothing could be read.")


def _by_plan(given: argparse.Namespace, path: Path, by: Any) -> None:
    """Import whatever the files are, by a plan that is given or guessed; the run stays with its rows and reasons."""
    from krug.exchange.importing.plans import plan_from
    from krug.exchange.importing.readings import readings_told, way_called
    from krug.exchange.importing.receiving import open_now, read_files_as, start_run
    from krug.exchange.importing.running import carry_out_now

    sources = [path] if path.is_file() else sorted(each for each in path.iterdir() if each.is_file())
    run = open_now(start_run([_Given(each) for each in sources], by=by))
    if given.encoding or given.separator:
        way = way_called(given.encoding.lower(), "\t" if given.separator == "tab" else given.separator)
        run = read_files_as(run, {told["file"]: way for told in readings_told(run.files, plan_from(run.plan))}, by=by)
    _say_readings(run)
    plan = json.loads(Path(given.plan).read_text(encoding="utf-8")) if given.plan else run.plan
    if given.show_plan:
        print(json.dumps(plan, ensure_ascii=False, indent=2))
        return
    run = carry_out_now(run, plan_from(plan), by=by, write=not given.dry_run)
    if run.trouble:
        raise CommandFailed(run.trouble)
    if given.json:
        print(json.dumps(run.findings | {"run": run.pk, "dry_run": given.dry_run}, ensure_ascii=False, indent=2))
        return
    print("Checked, nothing was written:" if given.dry_run else "Imported:")
    for place, counts in run.findings["tables"].items():
        table = run.plan["tables"][int(place)]
        print(f"  {table['table']} ({table['entity']}): " + ", ".join(f"{word} {n}" for word, n in counts.items()))
    for row in run.rows.filter(fate__in=("bad", "ask")).order_by("table", "number")[:MOST_EXAMPLES]:
        for fault in row.told["faults"]:
            print(f"  row {row.number}: {fault['column']}: {fault['reason']}")


def _say_readings(run: Any) -> None:
    from krug.exchange.importing.plans import plan_from
    from krug.exchange.importing.readings import readings_told

    for told in readings_told(run.files, plan_from(run.plan)):
        words = f"{told['file']}: read as {told['encoding']}, separator {told['separator']!r}"
        if told["unreadable"]:
            words += f"; {told['unreadable']} bytes can not be read, in lines {', '.join(map(str, told['lines']))}"
        print(words, file=sys.stderr)


class _Given:
    """A file of this machine as if it had been uploaded."""

    def __init__(self, path: Path) -> None:
        self.path, self.name, self.size = path, path.name, path.stat().st_size

    def chunks(self) -> Iterator[bytes]:
        """The file block by block."""
        with self.path.open("rb") as file:
            while block := file.read(1 << 20):
                yield block


def _say(findings: dict[str, Any], *, is_check: bool) -> None:
    print("Checked, nothing was written:" if is_check else "Imported:")
    for kind in findings["read"]:
        counts = {word: findings[word].get(kind, 0) for word in ("read", "created", "changed", "same")}
        print(f"  {kind}: " + ", ".join(f"{word} {count}" for word, count in counts.items()))
    for kind in {*findings["created"], *findings["changed"], *findings["same"]} - set(findings["read"]):
        counts = {word: findings[word].get(kind, 0) for word in ("created", "changed", "same")}
        print(f"  {kind}: " + ", ".join(f"{word} {count}" for word, count in counts.items()))
    print(f"Repairs: {findings['repaired']}")
    for repair in findings["repairs"][:MOST_EXAMPLES]:
        change = f" “{repair['before']}” → “{repair['after']}”" if repair["before"] or repair["after"] else ""
        print(f"  {repair['count']} × {repair['label']}{change} ({repair['file']})")
    print(f"Rows not taken: {findings['refused']}")
    for row in findings["bad_rows"][:MOST_EXAMPLES]:
        print(f"  {row['file']}, row {row['row']}: {row['reason']}")


def _silent(done: int, total: int) -> None:
    return


def _told(done: int, total: int) -> None:
    print(f"\r{done} of {total}", end="\n" if done >= total else "", file=sys.stderr, flush=True)
