"""Statistics and dashboards in a real chromium: asked, clicked through, saved as tiles, arranged by keyboard, taken away."""
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from chrome import WIDTHS, check_page, customer, ready
from playwright.sync_api import expect


class TestStatistics:
    def test_a_choice_draws_anew_and_a_bar_opens_its_records(self, office, open_page):
        for _ in range(2):
            customer(office, source="website")
        page = open_page("/customers?layout=stats&by=type")
        ready(page)
        page.locator("select[name=by]").select_option("source")
        expect(page).to_have_url(re.compile("by=source"))
        expect(page.get_by_role("heading", name="按客户来源的数量")).to_be_visible()
        page.locator("svg.plot a", has=page.locator("title", has_text="官网")).first.click()
        expect(page).to_have_url(re.compile("source%5D=website"))
        number = page.locator(".pagehead .count").inner_text()
        assert int(number) >= 2
        page.go_back()
        row = page.locator("table.answer tr", has_text="官网")
        expect(row.locator("a")).to_have_text(number)

    def test_the_drawing_is_saved_as_a_picture(self, office, open_page):
        customer(office)
        page = open_page("/customers?layout=stats&by=source")
        ready(page)
        with page.expect_download() as waiting:
            page.get_by_role("button", name="PNG").click()
        path = waiting.value.path()
        data = path.read_bytes()
        assert data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) > 4000
        with page.expect_download() as waiting:
            page.get_by_role("link", name="CSV").click()
        assert "客户来源,数量" in waiting.value.path().read_text("utf-8-sig")


class TestDashboard:
    def test_a_chart_becomes_a_tile_that_is_moved_and_widened_by_keyboard(self, office, open_page):
        customer(office)
        for question, title in [("by=source", "来源图"), ("by=type&chart=donut", "类型图")]:
            page = open_page(f"/customers?layout=stats&{question}")
            ready(page)
            page.get_by_role("link", name="存为磁贴").click()
            page.get_by_label("标题").fill(title)
            page.get_by_label("放到").select_option(index=0)
            page.get_by_role("button", name="保存").click()
            expect(page.locator(".dash > .card", has_text=title)).to_be_visible()
        titles = page.locator(".dash > .card h2")
        before = titles.all_inner_texts()
        page.get_by_role("link", name="编辑", exact=True).click()
        ready(page)
        row = page.locator(".tilerow").last
        row.focus()
        for _ in before[1:]:
            page.keyboard.press("Alt+ArrowUp")
        page.locator(".tilerow").first.get_by_label("宽度").select_option("12")
        page.get_by_role("button", name="保存").click()
        expect(titles.first).to_have_text(before[-1])
        expect(page.locator(".dash > .card").first).to_have_class(re.compile("w12"))
        page.get_by_text("数据表").first.click()
        expect(page.locator(".chart-data a").first).to_be_visible()

    @WIDTHS
    @pytest.mark.parametrize("theme", ["light", "dark"])
    @pytest.mark.parametrize("path", ["/dashboard/sales", "/dashboard/care", "/customers?layout=stats&by=source&and=type&chart=heat", "/customers?layout=stats&by=created_at:month", "/customers?layout=stats&by=source&chart=donut"])
    def test_is_accessible_everywhere(self, office, open_page, path, size, theme):
        customer(office)
        page = open_page(path, size=size, scheme=theme)
        ready(page)
        assert check_page(page, Axe()) == []
