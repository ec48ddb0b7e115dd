"""A zip of several files: each is taken, and one that can not be opened leaves nothing behind."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from krug.exchange.importing.receiving import start_run
from krug.exchange.models import ImportRun
from krug.kernel.errors import Refusal

pytestmark = pytest.mark.django_db


def packed(*parts: tuple[str, str], break_it: bool = False) -> SimpleUploadedFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts:
            archive.writestr(name, text)
    return SimpleUploadedFile("set.zip", out.getvalue().replace(b"Red", b"Rex", 1) if break_it else out.getvalue())


def test_files_of_one_name_in_a_zip_are_both_taken(gleb, settings, tmp_path):
    settings.DATA = tmp_path
    run = start_run([packed(("a/data.csv", "Name\nRed\n"), ("b/data.csv", "Name\nBlue\n"))], by=gleb)
    assert sorted(run.files) == ["b/data.csv", "data.csv"]


def test_a_broken_zip_is_refused_and_leaves_nothing(gleb, settings, tmp_path):
    settings.DATA = tmp_path
    with pytest.raises(Refusal) as no:
        start_run([packed(("data.csv", "Name\nRed\n"), break_it=True)], by=gleb)
    assert (no.value.code, list(tmp_path.rglob("*/*")), ImportRun.objects.exists()) == ("SET_BROKEN", [], False)


def test_too_many_files_are_refused_before_any_is_written(gleb, settings, tmp_path):
    settings.DATA = tmp_path
    with pytest.raises(Refusal) as no:
        start_run([packed(*((f"{number}.csv", "Name\nRed\n") for number in range(51)))], by=gleb)
    assert (no.value.code, list(tmp_path.rglob("*/*")), ImportRun.objects.exists()) == ("SET_TOO_LARGE", [], False)
