"""Lists laid out by trees: made by a form, shared, walked by keys; conditions joined; bulk work minus one."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.desk import fresh


def test_a_tree_is_made_shared_and_its_counts_add_up(sit_down):
    name = fresh("Регион, отрасль, вид")
    one, other = sit_down("sokolov"), sit_down("morozova")
    page = one.open("/trees/parties/")
    page.fill("[name=name]", name)
    page.select_option("[name=shared]", "all")
    for level, field in (("level1", "region"), ("level2", "industry"), ("level3", "kind")):
        page.select_option(f"[name={level}]", field)
    page.locator(".form-actions button[value=save]").click()
    tree = page.locator("[role=tree]")
    expect(tree).to_contain_text("Санкт-Петербург")
    counts = [int(text.replace("\N{NO-BREAK SPACE}", "")) for text in tree.locator(".tree-count").all_inner_texts()]
    found = page.locator("#total, .pager-total").first.inner_text()
    assert sum(counts) == int(re.sub(r"\D", "", found))
    shared = other.open("/parties/")
    other.press("y")
    shared.get_by_role("link", name=name).click()
    expect(shared.locator("[role=tree] .tree-count").first).to_be_visible()


def test_a_node_is_opened_by_keys_narrows_the_list_and_its_address_gives_the_same(sit_down):
    name = fresh("Ключами")
    one = sit_down("guseva")
    page = one.open("/trees/parties/")
    page.fill("[name=name]", name)
    page.select_option("[name=level1]", "region")
    page.select_option("[name=level2]", "industry")
    page.locator(".form-actions button[value=save]").click()
    tree = page.locator("[role=tree]")
    tree.locator("[role=treeitem]").first.focus()
    one.press("ArrowDown")
    one.press("ArrowRight")
    node = tree.locator("[role=treeitem][aria-level='1']").nth(1)
    expect(node).to_have_attribute("aria-expanded", "true")
    parent = int(node.locator(".tree-count").inner_text())
    inner = tree.locator("li").nth(1).locator("[role=group] .tree-count")
    expect(inner.first).to_be_visible()
    assert sum(int(text) for text in inner.all_inner_texts()) == parent
    one.press("Enter")
    expect(page.locator("[role=treeitem][aria-selected=true]")).to_have_count(1)
    expect(page.locator("tbody tr")).to_have_count(parent)
    again = sit_down("guseva").open(page.url)
    expect(again.locator("tbody tr")).to_have_count(parent)
    expect(again.locator("[role=treeitem][aria-selected=true]")).to_have_count(1)


def test_a_tree_works_without_scripts(sit_down):
    name = fresh("Без скриптов")
    one = sit_down("sokolov", java_script_enabled=False)
    page = one.open("/trees/deals/")
    page.fill("[name=name]", name)
    page.select_option("[name=level1]", "stage")
    page.locator(".form-actions button[value=save]").click()
    page.get_by_role("link", name="Показать дерево").click()
    page.locator("[role=treeitem]").nth(1).click()
    expect(page.locator(".chip")).to_have_count(1)


def test_a_condition_joins_another_by_or_in_the_plain_form(sit_down):
    one = sit_down("guseva")
    page = one.open('/parties/?filter={"all":[{"field":"city","operator":"eq","value":"Самара"}]}&add=city')
    page.select_option("#filter-adder [name=operator]", "eq")
    page.fill("#filter-adder [name=value]", "Вологда")
    page.select_option("#filter-adder [name=into]", "any:0")
    page.get_by_role("button", name="Добавить фильтр").click()
    expect(page.locator(".chip")).to_contain_text("Самара или")
    texts = page.locator("tbody").inner_text()
    assert "Самара" in texts and "Вологда" in texts
