"""Reports in a real chromium: opened, drilled into, changed in the builder, saved, written down, sent regularly."""
import re

from axe_playwright_python.sync_playwright import Axe
from chrome import check_page, customer, ready
from playwright.sync_api import expect


class TestReports:
    def test_a_ready_report_opens_its_records_and_becomes_ones_own(self, office, open_page):
        for _ in range(2):
            customer(office, source="website")
        page = open_page("/reports")
        ready(page)
        assert check_page(page, Axe()) == []
        page.get_by_role("link", name=re.compile("^新增客户")).click()
        card = page.locator(".card", has=page.get_by_role("heading", name="按来源", exact=True))
        number = card.locator("table.answer tr", has_text="官网").locator("a")
        text = number.inner_text()
        number.click()
        expect(page.locator(".pagehead .count")).to_have_text(text)
        page.go_back()
        page.locator("select[name=period]").select_option("last_year")
        expect(page).to_have_url(re.compile("period=last_year"))
        page.go_back()
        # Into the builder: a second measure, crossed with the kind, against the year before.
        card.get_by_role("link", name="修改").click()
        ready(page)
        page.locator("select[name=and]").select_option("type")
        expect(page).to_have_url(re.compile("and=type"))
        page.locator("select[name=chart]").select_option("heat")
        expect(page.locator("table.heat")).to_be_visible()
        page.get_by_role("link", name="存为报表").click()
        page.get_by_label("标题").fill("来源与类型")
        page.get_by_label("新报表的名称").fill("我的交叉表")
        page.get_by_role("button", name="保存").click()
        expect(page).to_have_url(re.compile(r"/reports/\d+"))
        expect(page.get_by_role("heading", name="来源与类型")).to_be_visible()
        assert check_page(page, Axe()) == []

    def test_a_report_is_written_down_printed_and_sent_regularly(self, office, open_page):
        customer(office, source="website")
        page = open_page("/reports/new_customers")
        ready(page)
        page.get_by_label("更多操作").click()
        page.get_by_role("button", name=re.compile("生成报告")).click()
        expect(page).to_have_url(re.compile(r"/report_issues/\d+/edit"))
        page.get_by_label("结论与建议").fill("官网要多投入")
        page.get_by_role("button", name="保存", exact=True).first.click()
        expect(page).to_have_url(re.compile(r"/report_issues/\d+$"))
        issue = re.search(r"report_issues/(\d+)", page.url)[1]
        page = open_page(f"/reports/issues/{issue}")
        expect(page.get_by_text("官网要多投入")).to_be_visible()
        expect(page.locator("table.answer", has_text="官网").first).to_be_visible()
        assert check_page(page, Axe()) == []
        with page.expect_download() as waiting:
            page.get_by_role("link", name="XLSX").click()
        assert waiting.value.path().read_bytes()[:2] == b"PK"
        page.get_by_role("link", name="现在的报表").click()
        page.get_by_label("更多操作").click()
        page.get_by_role("link", name="定时发送").click()
        ready(page)
        expect(page.locator("[name=report]")).to_have_value("new_customers")
        expect(page.locator("[name=hour]")).to_have_value("8")
