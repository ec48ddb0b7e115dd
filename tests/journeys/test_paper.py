"""Printed from the dark theme: no frame, black on white, the head on each sheet, “page N of M”."""

from __future__ import annotations

import psycopg
import pytest

from tests.journeys.paper import Paper

FRAME = ("Мойдень", "Свернутьменю", "Создать", "CtrlK")
WHITE, BLACK = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
FIRST, MANY = 60_000_000, 120
FILL = """
INSERT INTO party SELECT made.* FROM party p, generate_series(1, %s) n,
LATERAL jsonb_populate_record(NULL::party, to_jsonb(p) || jsonb_build_object('id', %s + n)) made WHERE p.id = 1
"""


def printed(desk, address: str) -> Paper:
    """The page on sheets of paper."""
    page = desk.open(address)
    return Paper(page.pdf(prefer_css_page_size=True, print_background=True))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/parties/", "СеверныйВетер"),
        ("/parties/1/", "СеверныйВетер"),
        ("/tasks/?view=calendar", "понедельник"),
        ("/reports/funnel/", "Воронка"),
    ],
)
def test_a_page_is_printed_without_its_frame_black_on_white_and_numbered(sit_down, address, words):
    paper = printed(sit_down("sokolov", color_scheme="dark"), address)
    sheets = paper.sheets
    for number, text in enumerate(sheets, start=1):
        assert f"страница{number}из{len(sheets)}" in text
    whole = "".join(sheets)
    assert words in whole
    for word in FRAME:
        assert word not in whole
    assert paper.grounds == {WHITE}
    assert all(sum(ink) < 1.5 for ink in paper.inks)
    assert BLACK in paper.inks


def test_the_head_of_a_long_list_is_repeated_on_each_sheet_in_both_languages(sit_down, product):
    desk = sit_down("vorontsov")
    desk.open("/")
    with psycopg.connect(product.database, autocommit=True) as base:
        base.execute("SET session_replication_role = replica")
        base.execute(FILL, [MANY, FIRST])
        try:
            for language, numbered in (("en", "page{}of{}"), ("ru", "страница{}из{}")):
                desk.speak(language)
                sheets = printed(desk, "/parties/?sort=-id&limit=100&columns=display_name&columns=city").sheets
                heads = "".join(desk.page.locator("thead th").all_inner_texts()).replace(" ", "")
                assert len(sheets) > 1
                for number, text in enumerate(sheets, start=1):
                    assert heads in text
                    assert numbered.format(number, len(sheets)) in text
        finally:
            base.execute("DELETE FROM party WHERE id > %s", [FIRST])
