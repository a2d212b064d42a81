"""Lists in a real chromium: views, cells, selections, what a colleague does meanwhile."""
import re

import zhike
from axe_playwright_python.sync_playwright import Axe
from chrome import check_page, customer, number, ready
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
        page.locator("#addfilter").get_by_text("高级").click()
        page.get_by_label("字段", exact=True).select_option("city")
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
            expect(page.locator(bell)).to_have_attribute("data-count", str(before + 1))
        expect(second.locator(".toast, [data-fresh]").first).to_be_visible()
        second.reload()
        note = second.locator("#inbox .ev").first
        expect(note).to_contain_text("备注")
        note.get_by_role("link").first.click()
        expect(second).to_have_url(re.compile(rf"/customers/{one['id']}$"))
        expect(second.locator(bell)).to_have_attribute("data-count", str(before))


def cell(page, row: int, column: str):
    at = page.locator("table.tbl thead th").evaluate_all("(heads, column) => heads.findIndex(head => head.dataset.col === column)", column)
    assert at > 0, f"no column {column}"
    return page.locator(f"#rows tr[data-id='{row}'] td").nth(at)


class TestCells:
    def test_edit_with_the_keyboard_and_take_back(self, office, open_page):
        mark = f"单元格{next(number)}"
        one, two = (customer(office, name=f"{mark}{letter}", city="杭州市") for letter in "ab")
        page = open_page(f"/customers?q={mark}&sort=name&columns=name,short_name,city,type")
        ready(page)
        page.keyboard.press("j")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        expect(page.get_by_label("简称")).to_be_focused()
        page.keyboard.type("小甲")
        page.keyboard.press("Tab")
        # The next cell of the row is open; Esc leaves it as it was.
        expect(cell(page, one["id"], "city").locator("form")).to_be_visible()
        expect(cell(page, one["id"], "short_name")).to_have_text("小甲")
        page.keyboard.press("Escape")
        expect(cell(page, one["id"], "city")).to_have_text("杭州市")
        assert office.boss.read("customers", one["id"])["short_name"] == "小甲"
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("e")
        expect(page.get_by_label("简称")).to_be_focused()
        page.keyboard.type("小乙")
        page.keyboard.press("Enter")
        expect(cell(page, two["id"], "short_name")).to_have_text("小乙")
        # What is typed shows before the server has answered; the way back comes with the answer.
        expect(page.locator("td.saving")).to_have_count(0)
        with page.expect_navigation():
            page.locator(".toast").last.get_by_role("button", name="撤销").click()
        expect(cell(page, two["id"], "short_name")).to_have_text("—")
        # What is kept by the program has no editor.
        page.goto(f"{office.url}/customers?q={mark}&columns=name,completeness")
        ready(page)
        cell(page, one["id"], "completeness").dblclick()
        expect(page.locator("form[data-cell]")).to_have_count(0)

    def test_conflict_shows_both_values(self, office, open_page):
        mark = f"冲突{next(number)}"
        one = customer(office, name=mark, short_name="旧")
        page = open_page(f"/customers?q={mark}&columns=name,short_name")
        ready(page)
        box = cell(page, one["id"], "short_name")
        box.dblclick()
        field = box.get_by_label("简称")
        field.fill("我的")
        assert office.boss.patch(f"/customers/{one['id']}", {"short_name": "对方的"}).status == 200
        field.press("Enter")
        expect(box.get_by_role("alert")).to_contain_text("对方的")
        expect(box.get_by_label("简称")).to_have_value("我的")
        assert office.boss.read("customers", one["id"])["short_name"] == "对方的"
        page.watched[:] = [fault for fault in page.watched if "409" not in fault]
        # What is shown at once is saved a moment later.
        with page.expect_response(re.compile("/fields/short_name")):
            box.get_by_role("button", name="用我的").click()
        expect(box).to_have_text("我的")
        assert office.boss.read("customers", one["id"])["short_name"] == "我的"

    def test_a_wrong_value_stays_and_is_told(self, office, open_page):
        mark = f"错值{next(number)}"
        one = customer(office, name=mark)
        page = open_page(f"/customers?q={mark}&columns=name,mobile")
        ready(page)
        box = cell(page, one["id"], "mobile")
        box.dblclick()
        box.get_by_label("手机号码").fill("12345")
        page.keyboard.press("Enter")
        expect(box.locator(".err")).to_contain_text("手机号码")
        expect(box.get_by_label("手机号码")).to_have_value("12345")
        page.watched[:] = [fault for fault in page.watched if "422" not in fault]
        page.keyboard.press("Escape")
        expect(box).to_have_text("—")

    def test_apply_to_all_that_are_ticked(self, office, open_page):
        mark = f"应用{next(number)}"
        rows = [customer(office, name=f"{mark}{letter}", short_name="旧") for letter in "abc"]
        page = open_page(f"/customers?q={mark}&sort=name&columns=name,short_name")
        ready(page)
        for row in rows[1:]:
            page.get_by_label(f"选择 {row['name']}").check()
        box = cell(page, rows[2]["id"], "short_name")
        box.dblclick()
        box.get_by_label("简称").fill("都一样")
        box.get_by_role("button", name="应用到 2 条").click()
        expect(page).to_have_url(re.compile(r"/jobs/\d+"))
        expect(page.locator(".job")).to_contain_text("已完成")
        assert [office.boss.read("customers", row["id"])["short_name"] for row in rows] == ["旧", "都一样", "都一样"]

    def test_facts_of_a_record(self, office, open_page):
        one = customer(office, short_name="旧名")
        page = open_page(f"/customers/{one['id']}?tab=details")
        ready(page)
        fact = page.locator("dt", has_text="简称").first.locator("+ dd")
        fact.click()
        fact.get_by_label("简称", exact=True).fill("新名")
        page.keyboard.press("Enter")
        expect(fact).to_contain_text("新名")
        expect(fact.get_by_role("link", name="编辑简称")).to_be_attached()
        assert office.boss.read("customers", one["id"])["short_name"] == "新名"
        # Looking elsewhere keeps what was typed.
        fact.click()
        fact.get_by_label("简称", exact=True).fill("再改")
        page.locator("dt", has_text="备注").first.click()
        page.get_by_role("link", name="历史").focus()
        expect(fact).to_contain_text("再改")


class TestBulk:
    def test_a_failing_row_is_named_and_the_rest_is_done_and_taken_back(self, office, open_page):
        mark = f"批量{next(number)}"
        rows = [customer(office, name=f"{mark}{letter}") for letter in "abc"]
        office.boss.make("orders", customer_id=rows[1]["id"], amount_cents=100)
        page = open_page(f"/customers?q={mark}&sort=name")
        ready(page)
        # From the first to the last with the shift key.
        page.get_by_label(f"选择 {rows[0]['name']}").click()
        page.get_by_label(f"选择 {rows[2]['name']}").click(modifiers=["Shift"])
        bar = page.get_by_role("toolbar", name="批量操作")
        expect(bar).to_contain_text("已选 3 项")
        bar.get_by_role("button", name="删除").click()
        page.get_by_role("button", name="批量删除").click()
        expect(page).to_have_url(re.compile(r"/jobs/\d+"))
        failed = page.locator(".job tr.row-bad")
        expect(failed).to_have_count(1)
        expect(failed).to_contain_text(rows[1]["name"])
        expect(failed).to_contain_text("订单")
        assert [office.boss.get(f"/customers/{row['id']}").status for row in rows] == [404, 200, 404]
        page.get_by_role("button", name="撤销全部更改").click()
        page.locator("dialog[open]").get_by_role("button", name="确定").click()
        expect(page.locator(".toast, .job")).not_to_have_count(0)
        page.wait_for_load_state("load")
        zhike.until(lambda: office.boss.get(f"/customers/{rows[0]['id']}").status == 200, "the deleted customers back")
        assert [office.boss.get(f"/customers/{row['id']}").status for row in rows] == [200, 200, 200]


class TestTable:
    def test_sort_by_two_and_widths_with_the_keyboard(self, office, open_page):
        mark = f"排序{next(number)}"
        for letter, city in zip("abc", ("杭州市", "宁波市", "杭州市")):
            customer(office, name=f"{mark}{letter}", city=city)
        page = open_page(f"/customers?q={mark}&columns=name,city")
        ready(page)
        head = lambda column: page.locator(f"th[data-col={column}] a")  # noqa: E731
        head("city").click()
        head("name").click(modifiers=["Shift"])
        expect(page.locator("th[data-col=name]")).to_have_attribute("aria-sort", "ascending")
        expect(page.locator("th[data-col=city]")).to_have_attribute("aria-sort", "ascending")
        assert [name[-1] for name in page.locator("#rows .name").all_inner_texts()] in (["b", "a", "c"], ["a", "c", "b"])
        before = page.locator("th[data-col=city]").bounding_box()["width"]
        head("city").focus()
        for _ in range(3):
            page.keyboard.press("Shift+ArrowRight")
        assert page.locator("th[data-col=city]").bounding_box()["width"] >= before + 40
        # The width goes along with the view.
        page.get_by_role("link", name="保存为新视图").click()
        page.locator("#saveview").get_by_label("名称").fill(mark)
        page.locator("#saveview").get_by_role("button", name="保存").click()
        expect(page.locator("th[data-col=city]")).to_have_attribute("data-width", re.compile(r"\d+"))

    def test_groups_fold_and_totals(self, office, open_page):
        mark = f"分组{next(number)}"
        for city in ("杭州市", "宁波市", "杭州市"):
            customer(office, name=f"{mark}{next(number)}", city=city)
        page = open_page(f"/customers?q={mark}")
        ready(page)
        page.get_by_role("button", name="分组").click()
        page.locator("#group").get_by_role("link", name="城市").click()
        expect(page.locator("#rows tr.grp")).to_have_count(2)
        fold = page.locator("#rows tr.grp").filter(has_text="杭州市").get_by_role("button")
        expect(page.locator("#rows tr.grp").filter(has_text="杭州市")).to_contain_text("2")
        fold.click()
        expect(page.locator("#rows tr[data-id]:visible")).to_have_count(1)
        fold.click()
        expect(page.locator("#rows tr[data-id]:visible")).to_have_count(3)
        page.goto(page.url + "&totals=1")
        assert not check_page(page, Axe())


class TestPreview:
    def test_beside_the_list(self, office, open_page):
        mark = f"预览{next(number)}"
        rows = [customer(office, name=f"{mark}{letter}", short_name=f"简{letter}") for letter in "ab"]
        page = open_page(f"/customers?q={mark}&sort=name")
        ready(page)
        page.keyboard.press("j")
        page.keyboard.press("Space")
        panel = page.get_by_role("complementary", name="预览")
        expect(panel).to_contain_text("简a")
        page.keyboard.press("j")
        expect(panel).to_contain_text("简b")
        expect(page).to_have_url(re.compile(rf"open={rows[1]['id']}"))
        assert not check_page(page, Axe())
        page.reload()
        expect(panel).to_contain_text("简b")
        page.keyboard.press("Escape")
        expect(panel).to_have_count(0)
        page.get_by_role("link", name=f"{mark}a").click(modifiers=["Alt"])
        expect(panel).to_contain_text("简a")
        panel.locator("dd", has_text="简a").click()
        panel.get_by_label("简称", exact=True).fill("改了")
        with page.expect_response(re.compile("/fields/short_name")):
            page.keyboard.press("Enter")
        expect(panel).to_contain_text("改了")
        assert office.boss.read("customers", rows[0]["id"])["short_name"] == "改了"


class TestKeyboardOnly:
    def test_find_follow_up_move_and_take_back(self, office, open_page):
        """From the home page, without the mouse: find by initials, write a follow-up with its next date, do an action from the palette, undo it."""
        one = customer(office, name=f"欧阳明远{next(number)}")
        page = open_page("/")
        ready(page)
        page.keyboard.press("Control+k")
        page.keyboard.type("oymy", delay=20)
        expect(page.locator("#palette-list [role=option][aria-selected=true]")).to_contain_text(one["name"])
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(one["name"])
        ready(page)
        page.keyboard.press("c")
        expect(page.locator("form.composer textarea").first).to_be_focused()
        page.keyboard.type("电话谈妥，下月签约")
        for _ in range(12):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.name") == "next_at":
                break
        # The order of day, month and year is the browser's own affair.
        page.locator(":focus").fill("2031-01-02T09:30")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#timeline")).to_contain_text("电话谈妥")
        ready(page)
        page.keyboard.press("Control+k")
        page.keyboard.type("dongjie", delay=20)
        expect(page.locator("#palette-list [role=option]").filter(has_text="冻结")).to_be_visible()
        chosen = page.locator("#palette-list [role=option][aria-selected=true]")
        while "冻结" not in chosen.inner_text():
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.keyboard.type("对方要求暂停")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".toast")).to_contain_text("已冻结")
        assert office.boss.read("customers", one["id"])["file_status"] == "frozen"
        page.keyboard.press("Control+z")
        expect(page.locator(".toast")).to_contain_text("已撤销")
        assert office.boss.read("customers", one["id"])["file_status"] == "active"

    def test_keys_stay_with_the_input_method(self, office, open_page):
        page = open_page("/customers")
        ready(page)
        for key in ("n", "?", "/"):
            page.evaluate("key => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, isComposing: true, bubbles: true, cancelable: true }))", key)
        expect(page).to_have_url(re.compile(r"/customers$"))
        expect(page.locator("dialog[open]")).to_have_count(0)
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.down("Alt")
        expect(page.locator(".key-hint").first).to_be_visible()
        page.keyboard.up("Alt")
        expect(page.locator(".key-hint")).to_have_count(0)


class TestComposer:
    def test_mention_and_file_in_one_save(self, office, open_page, tmp_path):
        name = f"同事{next(number)}"
        office.zhike("user", "add", f"mentioned{next(number)}", "--name", name, "--role", "admin", "--password-stdin", stdin=zhike.PASSWORD + "\n", check=True)
        one = customer(office)
        picture = tmp_path / "报价.txt"
        picture.write_text("报价单", "utf-8")
        page = open_page(f"/customers/{one['id']}")
        ready(page)
        area = page.locator("form.composer textarea").first
        area.click()
        area.type(f"请 @{name[:2]}", delay=30)
        option = page.get_by_role("option").filter(has_text=name)
        expect(option).to_be_visible()
        page.keyboard.press("Enter")
        expect(area).to_have_value(f"请 @{name} ")
        area.type("看报价")
        page.locator("form.composer input[type=file]").first.set_input_files(picture)
        expect(page.locator("form.composer .files li").first).to_contain_text("报价.txt")
        page.locator("form.composer").first.get_by_role("button", name="保存").click()
        expect(page.locator("#timeline")).to_contain_text("看报价")
        talk, = office.boss.list("interactions", {"customer_id": one["id"]})["items"]
        page.goto(f"{office.url}/interactions/{talk['id']}?tab=files")
        expect(page.locator("main")).to_contain_text("报价.txt")
