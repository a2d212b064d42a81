"""Lists in a real chromium: views, cells, selections, what a colleague does meanwhile."""
import re

import zhike
from chrome import customer, number, ready
from playwright.sync_api import expect


def views(page):
    return page.get_by_role("navigation", name="已保存的视图")


class TestViews:
    def test_change_save_and_restore(self, office, open_page):
        mark = f"改视图{next(number)}"
        for city in ("绍兴市", "绍兴市", "杭州市"):
            customer(office, name=f"{mark}{next(number)}", city=city)
        page = open_page(f"/customers?q={mark}")
        ready(page)
        page.get_by_role("link", name="保存为新视图").click()
        dialog = page.locator("#saveview")
        dialog.get_by_label("名称").fill(mark)
        dialog.get_by_role("button", name="保存").click()
        expect(views(page).get_by_role("link", name=mark)).to_have_attribute("aria-current", "true")
        expect(page.locator(".changed")).to_have_count(0)
        # A filter more: the view says that it is not what was saved.
        page.get_by_role("button", name="添加筛选").click()
        page.get_by_label("字段").select_option("city")
        page.get_by_label("条件").select_option("eq")
        page.get_by_label("值", exact=True).fill("绍兴市")
        page.locator("#addfilter").get_by_role("button", name="应用").click()
        expect(page.locator("#rows tr")).to_have_count(2)
        expect(page.locator(".changed")).to_contain_text("已修改")
        expect(views(page).get_by_role("link", name=mark)).to_have_attribute("aria-current", "true")
        page.locator(".changed").get_by_role("link", name="还原").click()
        expect(page.locator("#rows tr")).to_have_count(3)
        expect(page.locator(".changed")).to_have_count(0)
        page.go_back()
        page.locator(".changed").get_by_role("button", name="保存").click()
        expect(page.locator(".changed")).to_have_count(0)
        expect(page.locator("#rows tr")).to_have_count(2)
        page.goto(office.url + "/customers")
        views(page).get_by_role("link", name=mark).click()
        expect(page.locator("#rows tr")).to_have_count(2)

    def test_views_without_scripts(self, office, open_page):
        mark = f"无脚本{next(number)}"
        page = open_page("/customers?filter[type]=company", scripts=False)
        page.get_by_role("link", name="保存为新视图").click()
        page.locator("#view-name").fill(mark)
        page.locator(".card").first.get_by_role("button", name="保存").click()
        expect(views(page).get_by_role("link", name=mark)).to_have_attribute("aria-current", "true")


class TestNotifications:
    def test_one_arrives_in_a_second_tab(self, office, open_page):
        """A colleague changes what I follow: the bell of both my tabs counts it, without a reload."""
        name = f"colleague{next(number)}"
        office.zhike("user", "add", name, "--role", "admin", "--password-stdin", stdin=zhike.PASSWORD + "\n", check=True)
        one = customer(office)
        first = open_page(f"/customers/{one['id']}")
        ready(first)
        first.get_by_role("button", name="关注").click()
        expect(first.get_by_role("button", name="取消关注")).to_be_visible()
        second = first.context.new_page()
        second.goto(office.url + "/notifications")
        ready(second)
        bell = "[data-badge=notifications]"
        before = int(second.locator(bell).get_attribute("data-count"))
        colleague = office.log_in(name)
        assert colleague.patch(f"/customers/{one['id']}", {"remark": "同事改的"}).status == 200
        for page in (first, second):
            expect(page.locator(bell)).to_have_attribute("data-count", str(before + 1), timeout=10_000)
        expect(second.locator(".toast, [data-fresh]").first).to_be_visible()
        second.reload()
        note = second.locator("#inbox .ev").first
        expect(note).to_contain_text("备注")
        note.get_by_role("link").first.click()
        expect(second).to_have_url(re.compile(rf"/customers/{one['id']}$"))
        expect(second.locator(bell)).to_have_attribute("data-count", str(before))
