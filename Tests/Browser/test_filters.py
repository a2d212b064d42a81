"""The filters of a list in a real chromium: set by clicking alone, read as sentences, changed, dropped, kept in a view."""
import re

from axe_playwright_python.sync_playwright import Axe
from chrome import WIDTHS, check_page, customer, number, ready
from playwright.sync_api import expect


def rows(page):
    return page.locator("#rows tr:not(.empty-row)")


def chip(page, text):
    return page.locator(".chip", has_text=text)


def choose(page, field, scripts=True):
    """The form of a field: behind the dashed chip, or a page where there are no scripts."""
    page.get_by_role("button", name="添加筛选").click()
    if not scripts:
        page.locator("#addfilter").get_by_role("link").click()
    page.locator(".ff-fields").get_by_role("link", name=field, exact=True).first.click()
    form = page.locator("form.ff")
    expect(form.get_by_role("heading")).to_have_text(field)
    return form


def apply(form):
    form.get_by_role("button", name="应用").click()


def way(form, name):
    form.locator(".ff-ways label").filter(has_text=re.compile(f"^{name}$")).click()


class TestFilters:
    @WIDTHS
    def test_one_of_each_kind_by_clicking(self, office, open_page, size):
        mark = f"筛选{next(number)}"
        for place, (kind, city, key) in enumerate([("company", "杭州市", True), ("dealer", "宁波市", False), ("company", "宁波市", False)]):
            customer(office, name=f"{mark}{place}", type=kind, province="浙江省", city=city, is_key=key, filed_on=f"2026-01-0{place + 1}")
        page = open_page(f"/customers?q={mark}", size=size)
        ready(page)
        axe, wrong = Axe(), []
        expect(rows(page)).to_have_count(3)

        def narrows(field, fill, sentence, count):
            form = choose(page, field)
            fill(form)
            wrong.extend(check_page(page, axe))
            apply(form)
            expect(rows(page)).to_have_count(count)
            expect(chip(page, sentence[0]).locator(".say")).to_have_text(re.compile(r"\s*".join(sentence)))
            page.get_by_role("link", name=f"移除筛选 {sentence[0]}").first.click()
            expect(rows(page)).to_have_count(3)

        narrows("客户类型", lambda form: [form.get_by_label(label, exact=True).check() for label in ("单位", "经销商")], ["客户类型", "是", "单位、经销商"], 3)
        narrows("客户类型", lambda form: form.get_by_label("经销商", exact=True).check(), ["客户类型", "是", "经销商"], 1)
        narrows("负责人", lambda form: form.get_by_label("我", exact=True).check(), ["负责人", "是", "我"], 3)
        narrows("创建时间", lambda form: way(form, "本周"), ["创建时间", "本周内"], 3)
        narrows("重点客户", lambda form: way(form, "是"), ["重点客户", "是"], 1)
        narrows("资料完整度", lambda form: form.get_by_label("最小值").fill("1"), ["资料完整度", "1 分以上"], 3)
        narrows("客户名称", lambda form: form.get_by_label("要找的文字").fill(f"{mark}2"), ["客户名称", "包含", f"{mark}2"], 1)

        def days(form):
            way(form, "区间")
            form.get_by_label("开始日期").fill("2026-01-01")
            form.get_by_label("结束日期").fill("2026-01-02")
        narrows("建档日期", days, ["建档日期", "2026-01-01 至 2026-01-02"], 2)

        def city(form):
            form.get_by_label("省份").select_option("浙江省")
            form.get_by_label("城市").select_option("宁波市")
        form = choose(page, "城市")
        city(form)
        apply(form)
        expect(rows(page)).to_have_count(2)
        expect(chip(page, "省份")).to_have_text(re.compile(r"省份\s*是\s*浙江省"))

        # A chip opens its own form; what is chosen there takes its place, and the way back leads back.
        chip(page, "城市").locator(".say").click()
        form = page.locator("form.ff")
        expect(form.get_by_label("城市")).to_have_value("宁波市")
        form.get_by_label("城市").select_option("杭州市")
        wrong.extend(check_page(page, axe))
        apply(form)
        expect(rows(page)).to_have_count(1)
        expect(page.locator(".chip .say")).to_have_count(2)
        page.go_back()
        expect(rows(page)).to_have_count(2)
        page.get_by_role("link", name="清除", exact=True).click()
        expect(page.locator(".chip .say")).to_have_count(0)
        assert not wrong, "\n".join(wrong)
        if size[0] == 390:
            form = choose(page, "客户类型")
            for control in (form.locator(".ff-ways label").first, form.locator(".ff-ticks label").first, form.get_by_role("button", name="应用")):
                assert control.bounding_box()["height"] >= 44
            box = page.locator("#addfilter").bounding_box()
            assert box["x"] == 0 and box["width"] == 390 and round(box["y"] + box["height"]) == size[1]

    def test_by_the_keyboard(self, office, open_page):
        page = open_page("/customers")
        ready(page)
        page.locator("body").press("f")
        find = page.get_by_role("searchbox", name="查找字段")
        expect(find).to_be_focused()
        find.fill("客户类型")
        page.keyboard.press("Enter")
        expect(page.locator("form.ff [name=fv]").first).to_be_focused()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        expect(chip(page, "客户类型")).to_be_visible()
        page.locator("body").press("f")
        expect(find).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#addfilter")).to_be_hidden()

    def test_what_is_wrong_is_said_in_the_panel(self, office, open_page):
        page = open_page("/customers")
        ready(page)
        form = choose(page, "累计成交金额")
        form.get_by_label("最小值").fill("很多")
        page.keyboard.press("Enter")
        expect(form.get_by_role("alert")).to_contain_text("「累计成交金额」的数无法读取")
        expect(form.get_by_label("最小值")).to_have_value("很多")
        form.get_by_label("最小值").fill("10万")
        page.keyboard.press("Enter")
        expect(chip(page, "累计成交金额")).to_have_text(re.compile(r"累计成交金额\s*10 万以上"))
        page.watched[:] = [fault for fault in page.watched if "400" not in fault]

    def test_a_view_keeps_what_moves(self, office, open_page):
        mark = f"本月{next(number)}"
        customer(office, name=mark)
        page = open_page(f"/customers?q={mark}")
        ready(page)
        form = choose(page, "创建时间")
        way(form, "最近 N 天")
        form.get_by_label("天数").fill("14")
        apply(form)
        expect(chip(page, "最近 14 天")).to_be_visible()
        page.get_by_role("link", name="保存为新视图").click()
        dialog = page.locator("#saveview")
        dialog.get_by_label("名称").fill(mark)
        dialog.get_by_role("button", name="保存").click()
        expect(chip(page, "最近 14 天")).to_be_visible()
        page.goto(office.url + "/customers")
        page.get_by_role("navigation", name="已保存的视图").get_by_role("link", name=mark).click()
        expect(rows(page)).to_have_count(1)
        chip(page, "最近 14 天").locator(".say").click()
        expect(page.locator("form.ff").get_by_label("天数")).to_have_value("14")

    def test_without_scripts(self, office, open_page):
        mark = f"无脚本筛选{next(number)}"
        for kind in ("company", "dealer"):
            customer(office, name=mark + kind, type=kind, city="绍兴市")
        page = open_page(f"/customers?q={mark}", scripts=False)
        form = choose(page, "城市", scripts=False)
        form.get_by_label("城市").fill("绍兴")
        apply(form)
        expect(rows(page)).to_have_count(2)
        expect(chip(page, "绍兴市")).to_be_visible()
        form = choose(page, "客户类型", scripts=False)
        form.get_by_label("经销商", exact=True).check()
        apply(form)
        expect(rows(page)).to_have_count(1)
        chip(page, "客户类型").locator(".say").click()
        expect(page.locator("form.ff").get_by_label("经销商", exact=True)).to_be_checked()
        way(page.locator("form.ff"), "不是")
        apply(page.locator("form.ff"))
        expect(rows(page)).to_have_text([re.compile("company")])
