"""Taking files in: cleaned names, a limit, a place that no name can lead out of."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.documents.models import StoredFile
from krug.kernel import writing
from krug.kernel.errors import Refusal
from krug.kernel.journal.recording import begin_act, record

MOST_MB = 25
LONGEST_NAME = 150
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def store_file(upload: Any, *, by: User) -> StoredFile:
    """Keep an uploaded file; first the bytes lie on the disk, then the record says so."""
    if upload is None or not upload.size:
        raise Refusal(_("Choose a file that is not empty."), field="file", code="FILE_MISSING")
    if upload.size > MOST_MB * 1024 * 1024:
        raise Refusal(
            _("A file may have at most %(most)s MB.") % {"most": MOST_MB}, field="file", code="FILE_TOO_LARGE"
        )
    key, digest = uuid4().hex, hashlib.sha256()
    path = path_of(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("xb") as kept:
            for part in upload.chunks():
                digest.update(part)
                kept.write(part)
        with transaction.atomic():
            begin_act(by, "file.create")
            return _kept(key, clean_name(str(upload.name)), upload.size, digest.hexdigest(), by=by)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _kept(key: str, name: str, size: int, sha256: str, *, by: User) -> StoredFile:
    made = StoredFile(key=key, name=name, size=size, sha256=sha256, created_by=by, updated_by=by)
    writing.check(made)
    made.save(force_insert=True)
    record(writing.RecordCreated(record=made, by=by))
    return made


def refuse_without_bytes(*, by: User, **values: Any) -> StoredFile:
    """A file is not made from fields: its bytes are uploaded."""
    raise Refusal(_("A file is uploaded, not typed."), code="UPLOAD_NEEDED")


def clean_name(name: str) -> str:
    """The name as people may see it: one form, no control signs, nothing that turns the writing round."""
    plain = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    seen = "".join(sign for sign in plain if unicodedata.category(sign) not in UNSEEN).strip(" .")
    stem, dot, ending = seen.rpartition(".")
    if len(seen) > LONGEST_NAME and dot and len(ending) <= 10:
        return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
    return seen[:LONGEST_NAME] or "file"


def path_of(key: str) -> Path:
    """Where the bytes of a file lie."""
    return Path(settings.DATA) / "files" / key[:2] / key
