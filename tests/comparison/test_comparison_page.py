"""The page of a comparison in a real browser: it sorts, and marks the best."""

from fastw2v.comparison.page import page
from tests.comparison.test_comparison_parts import table

pytest_plugins = ["tests.support.map_browsing"]  # its fixture: browser


def column(page, number):
    return page.eval_on_selector_all(
        "tbody tr", f"rows => rows.map((row) => row.children[{number}].textContent)"
    )


def test_sorting(browser, tmp_path):
    (tmp_path / "table.html").write_text(page(table()), "utf-8")
    context = browser.new_context()
    said = []
    opened = context.new_page()
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto((tmp_path / "table.html").as_uri())
    assert opened.text_content("h1") == "a < b"
    assert opened.text_content("#notes") == "of <c>"
    assert opened.text_content("th:nth-child(7)") == "x|y"
    first = column(opened, 6)
    assert first == ["\u2013", "0.250", "\u2013", "0.125"]
    opened.click("th:nth-child(7) button")
    assert column(opened, 6) == ["0.250", "0.125", "\u2013", "\u2013"]
    assert opened.get_attribute("th:nth-child(7)", "aria-sort") == "descending"
    opened.click("th:nth-child(7) button")
    assert column(opened, 6) == ["0.125", "0.250", "\u2013", "\u2013"]
    opened.click("th:nth-child(7) button")
    assert column(opened, 6) == first
    opened.click("th:nth-child(8) button")  # the lowest perplexity is the best
    assert column(opened, 7) == ["123", "999", "infinite", "\u2013"]
    opened.click("th:nth-child(1) button")
    assert column(opened, 0) == ["1-gram", "3-gram", "3-gram", "counts"]
    best = opened.eval_on_selector_all("td.best", "cells => cells.map((cell) => cell.textContent)")
    assert sorted(best) == ["0.250", "123", *["75.0%"] * 6]
    assert said == []
    context.close()
