"""The main job in a real chromium, on a desk and on a phone: everything a salesperson does in a day, accessibility, and what must never happen."""
import html
import re
import time

import pytest
import zhike
from axe_playwright_python.sync_playwright import Axe
from chrome import DESK, PHONE, WIDTHS, check_page, customer, no_sideways_scroll, number, ready, session, watch
from playwright.sync_api import Page, expect
from zhike import ADMIN, PASSWORD

CHINESE = re.compile("[\u4e00-\u9fff]")


def texts(value) -> list[str]:
    """Every text in what the API has answered."""
    if isinstance(value, str):
        return [value]
    return [text for part in (value.values() if isinstance(value, dict) else value if isinstance(value, list) else []) for text in texts(part)]


# ---------------------------------------------------------------------------------------------------------------- a day's work

def filter_panel(page, scripts=True):
    """The advanced form of a list's filters; without scripts it is on a page of its own, one link away."""
    page.get_by_role("button", name="添加筛选").click()
    if not scripts:
        page.locator("#addfilter").get_by_role("link").click()
    panel = page.locator("#addfilter" if scripts else "main")
    panel.get_by_text("高级").click()
    return panel


class TestDay:
    def test_wrong_and_right_log_in(self, office, open_page):
        page = open_page("/customers", cookies=False)
        expect(page).to_have_url(re.compile(r"/login\?next="))
        page.get_by_label("登录名").fill(ADMIN)
        page.get_by_label("密码").fill("not the password")
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("alert")).to_contain_text("错误")
        expect(page.get_by_label("登录名")).to_have_value(ADMIN)
        expect(page.get_by_label("密码")).to_have_value("")
        # The browser itself notes the 422 of the refused form in its console.
        page.watched[:] = [fault for fault in page.watched if "422" not in fault]
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page).to_have_url(office.url + "/customers")

    @WIDTHS
    def test_the_main_job(self, office, open_page, tmp_path, size):
        mark = f"{next(number):03d}"
        sheet = tmp_path / "客户名单.csv"
        rows = [f"诸葛孔明{mark},单位,1380013{mark}1,杭州市", f"司马相如{mark},个人,139 0013 {mark}2,宁波市", f"欧阳修{mark},个人,123,温州市"]
        sheet.write_bytes("\n".join(["客户名称,客户类型,手机号码,城市"] + rows).encode("gb18030"))

        # Import the spreadsheet that there is.
        page = open_page("/customers/import", size)
        page.locator("input[type=file]").set_input_files(sheet)
        page.get_by_role("button", name="下一步").click()
        expect(page.get_by_label("客户名称 对应字段")).to_have_value("name")
        expect(page.get_by_label("手机号码 对应字段")).to_have_value("mobile")
        no_sideways_scroll(page)
        page.get_by_role("button", name="开始导入").click()
        expect(page).to_have_url(re.compile(r"/jobs/\d+"))
        expect(page.locator(".job")).to_contain_text(re.compile("完成|成功"))
        expect(page.locator("main")).to_contain_text("手机号码")
        no_sideways_scroll(page)

        # Find one by the initials of the name.
        page.goto(office.url + "/")
        ready(page)
        if size == DESK:
            page.keyboard.press("Control+k")
        else:
            page.locator("[data-palette]:visible").click()
        box = page.get_by_role("combobox", name="搜索")
        expect(box).to_be_focused()
        box.type("zgkm", delay=30)
        option = page.locator("#palette-list [role=option]").filter(has_text=f"诸葛孔明{mark}")
        expect(option.first).to_be_visible()
        option.first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"诸葛孔明{mark}")
        no_sideways_scroll(page)

        # Note what was said, and when to call again.
        url = page.url.split("?")[0]
        id = int(url.rsplit("/", 1)[1])
        composer = page.locator("form.composer").first
        composer.locator("textarea").fill("谈了续约，下周给报价。")
        composer.get_by_label("下次联系").fill("2031-01-02T09:30")
        composer.get_by_role("button", name="保存").click()
        expect(page.locator("#timeline")).to_contain_text("谈了续约，下周给报价。")
        expect(page.locator("#timeline")).to_contain_text("跟进客户")
        talk, = office.boss.list("interactions", {"customer_id": id})["items"]
        assert talk["next_at"].startswith("2031-01-02T01:30"), "typed in Chinese time"
        task, = office.boss.list("tasks", {"customer_id": id})["items"]
        assert task["due_at"] == talk["next_at"] and task["kind"] == "follow_up"

        # A slip while editing is told beside the field; nothing typed is lost.
        page.goto(url + "/edit")
        page.get_by_label("手机号码", exact=True).fill("12345")
        page.get_by_label("简称").fill("孔明")
        page.get_by_role("button", name="保存", exact=True).click()
        field = page.get_by_label("手机号码", exact=True)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(page.locator(f"#{field.get_attribute('aria-describedby').split()[0]}")).to_contain_text("手机号码")
        expect(page.get_by_label("简称")).to_have_value("孔明")
        page.watched[:] = [fault for fault in page.watched if "422" not in fault]
        no_sideways_scroll(page)
        field.fill(f"1390013{mark}9")
        page.get_by_role("button", name="保存", exact=True).click()
        expect(page).to_have_url(re.compile(rf"/customers/{id}$"))
        kept = office.boss.read("customers", id)
        assert kept["mobile"] == f"1390013{mark}9" and kept["short_name"] == "孔明"

        # Throw it away, and take that back.
        page.get_by_role("button", name="更多操作").click() if size == DESK else page.goto(url)
        if size == DESK:
            page.locator("#recmenu").get_by_role("button", name="删除").click()
            dialog = page.locator("dialog[open]")
            if dialog.count():
                dialog.get_by_role("button", name=re.compile("删除|确定")).click()
            expect(page).to_have_url(re.compile(r"/customers$"))
            assert office.boss.get(f"/customers/{id}").status == 404
            undo = page.locator(".toast").get_by_role("button", name="撤销")
            undo.first.click()
            page.wait_for_load_state("load")
            expect(page.locator("tr", has_text=f"诸葛孔明{mark}").first).to_be_visible()
            assert office.boss.get(f"/customers/{id}").status == 200

    def test_one_message_one_undo(self, office, open_page):
        one = customer(office)
        page = open_page(f"/customers/{one['id']}/edit")
        page.get_by_label("简称").fill("简")
        page.get_by_role("button", name="保存", exact=True).click()
        expect(page.locator(".toast")).to_contain_text("已保存")
        expect(page.locator(".toast").get_by_role("button", name="撤销")).to_have_count(1)

    def test_a_phone_can_do_all_that_a_desk_can(self, office, open_page):
        """Edit, delete, export, import and settings can be reached at 390 px."""
        one = customer(office)
        page = open_page(f"/customers/{one['id']}", PHONE)
        page.get_by_role("button", name="更多操作").click()
        expect(page.get_by_role("button", name="删除")).to_be_visible()
        page.goto(office.url + "/customers")
        assert page.get_by_role("link", name="导入").or_(page.get_by_role("button", name="更多操作")).locator("visible=true").count()
        page.goto(office.url + "/more")
        expect(page.get_by_role("link", name="设置", exact=True)).to_be_visible()
        expect(page.get_by_role("button", name="退出登录")).to_be_visible()

    def test_two_edit_at_once(self, office, open_page):
        one = customer(office, remark="开始")
        first, second = open_page(f"/customers/{one['id']}/edit"), open_page(f"/customers/{one['id']}/edit")
        first.get_by_label("备注").fill("甲写的")
        first.get_by_role("button", name="保存", exact=True).click()
        expect(first).to_have_url(re.compile(rf"/customers/{one['id']}$"))
        second.get_by_label("备注").fill("乙写的")
        second.get_by_role("button", name="保存", exact=True).click()
        expect(second.get_by_role("alert")).to_contain_text("其他人修改")
        expect(second.get_by_role("alert")).to_contain_text("甲写的")
        expect(second.get_by_label("备注")).to_have_value("乙写的")
        assert office.boss.read("customers", one["id"])["remark"] == "甲写的"
        second.watched[:] = [fault for fault in second.watched if "409" not in fault and "412" not in fault]
        second.get_by_role("button", name="保存", exact=True).click()
        expect(second).to_have_url(re.compile(rf"/customers/{one['id']}$"))
        assert office.boss.read("customers", one["id"])["remark"] == "乙写的"

    def test_merge(self, office, open_page):
        mark = f"合并{next(number)}"
        stay, go = customer(office, name=mark + "甲"), customer(office, name=mark + "乙", short_name="来自乙")
        page = open_page(f"/customers?q={mark}")
        for row in (stay, go):
            page.get_by_label(f"选择 {row['name']}").check()
        page.get_by_role("toolbar", name="批量操作").get_by_role("button", name="合并").click()
        page.get_by_role("radio", name=stay["name"], exact=True).check()
        page.get_by_label(f"简称 {go['name']}").check()
        page.get_by_role("button", name="合并", exact=True).click()
        expect(page).to_have_url(re.compile(rf"/customers/{stay['id']}$"))
        assert office.boss.read("customers", stay["id"])["short_name"] == "来自乙"
        assert office.boss.get(f"/customers/{go['id']}").status == 404
        page.locator(".toast").get_by_role("button", name="撤销").first.click()
        page.wait_for_load_state("load")
        zhike.until(lambda: office.boss.get(f"/customers/{go['id']}").status == 200, "the merged customer back")
        assert office.boss.read("customers", go["id"])["short_name"] == "来自乙"
        assert office.boss.read("customers", stay["id"])["short_name"] is None

    def test_filter_and_saved_view(self, office, open_page):
        mark = f"视图{next(number)}"
        for index in range(3):
            customer(office, name=f"{mark}第{index}", city="绍兴市" if index else "杭州市")
        page = open_page("/customers")
        ready(page)
        filter_panel(page)
        page.get_by_label("字段", exact=True).select_option("city")
        page.get_by_label("条件").select_option("eq")
        page.get_by_label("值", exact=True).fill("绍兴市")
        page.locator("#addfilter").get_by_role("button", name="应用").click()
        expect(page.locator(".chip", has_text="绍兴市")).to_be_visible()
        page.get_by_role("searchbox", name="在此列表中搜索").fill(mark)
        page.keyboard.press("Enter")
        expect(page.locator("#rows tr")).to_have_count(2)
        page.get_by_role("link", name=re.compile("新视图|新建视图|保存视图")).first.click()
        form = page.locator("form[action$='/views']")
        form.get_by_label(re.compile("^名称|视图名称")).fill(mark)
        form.get_by_role("button", name="保存").click()
        tab = page.get_by_role("navigation", name="已保存的视图").get_by_role("link", name=mark)
        expect(tab).to_have_attribute("aria-current", "true")
        expect(page.locator("#rows tr")).to_have_count(2)
        page.goto(office.url + "/customers")
        page.get_by_role("navigation", name="已保存的视图").get_by_role("link", name=mark).click()
        expect(page.locator("#rows tr")).to_have_count(2)

    def test_recently_opened(self, office, open_page):
        one = customer(office)
        page = open_page(f"/customers/{one['id']}")
        page.goto(office.url + "/")
        expect(page.locator("main")).to_contain_text(one["name"])

    def test_keyboard(self, office, open_page):
        mark = f"键盘{next(number)}"
        rows = [customer(office, name=f"{mark}{letter}") for letter in "ab"]
        page = open_page(f"/customers?q={mark}&sort=name")
        ready(page)
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(rf"/customers/{rows[1]['id']}$"))
        page.keyboard.press("e")
        expect(page).to_have_url(re.compile(r"/edit$"))

    def test_timeline_stands_above_the_fold(self, office, open_page):
        """Writing takes one line until it begins; lists without records stand behind 更多, under the name of their link."""
        one = customer(office)
        page = open_page(f"/customers/{one['id']}")
        composer = page.locator("form.composer").first
        assert composer.bounding_box()["height"] < 60
        expect(composer.get_by_label("下次联系")).to_be_hidden()
        composer.locator("textarea").click()
        expect(composer.get_by_label("下次联系")).to_be_visible()
        expect(page.locator(".tabs > a", has_text="联系人")).to_have_count(0)
        page.get_by_role("button", name="更多", exact=True).click()
        page.locator("#moretabs").get_by_role("link", name="转介绍的客户").click()
        expect(page.get_by_role("heading", level=2, name="转介绍的客户")).to_be_visible()
        friend = customer(office, source="referral", referrer_id=one["id"])
        page.reload()
        expect(page.get_by_role("link", name=friend["name"])).to_be_visible()
        expect(page.locator(".tabs > a[aria-current]")).to_have_text("转介绍的客户1")

    def test_where_in_the_list(self, office, open_page):
        """The list says which rows of how many, the views how many they hold, and how many stand on a page can be chosen."""
        mark = f"分页{next(number)}"
        for index in range(25):
            customer(office, name=f"{mark}第{index:02d}")
        page = open_page(f"/customers?q={mark}&limit=20&sort=name")
        expect(page.locator(".pager")).to_contain_text("1–20 / 25")
        page.get_by_role("link", name="下一页").click()
        expect(page.locator(".pager")).to_contain_text("21–25 / 25")
        page.get_by_role("link", name="上一页").click()
        expect(page.locator(".pager")).to_contain_text("1–20 / 25")
        page.goto(f"{office.url}/customers?q={mark}&limit=5&sort=name")
        seen = []
        for _ in range(3):
            seen.append(page.locator("#rows .name").all_inner_texts())
            page.get_by_role("link", name="下一页").click()
            expect(page.locator(".pager")).to_contain_text(f"{len(seen) * 5 + 1}–")
        for rows in reversed(seen):
            page.get_by_role("link", name="上一页").click()
            expect(page.locator("#rows .name")).to_have_text(rows)
        page.get_by_role("button", name="每页条数").click()
        page.get_by_role("link", name="每页 50 条").click()
        expect(page.locator("#rows tr")).to_have_count(25)
        every = office.boss.list("customers", limit=1)["count"]
        expect(page.get_by_role("navigation", name="已保存的视图").get_by_role("link", name="全部").locator(".c")).to_have_text(str(every) if every < 1000 else "999+")
        assert page.locator("thead th").count() <= 9
        no_sideways_scroll(page)

    def test_home_counts_lead_to_exactly_these(self, office, open_page):
        mark = f"今日{next(number)}"
        zhike.on_one_day()
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        tasks = [office.boss.make("tasks", title=f"{mark}第{index}", due_at=now) for index in range(2)]
        page = open_page("/")
        queue = page.locator(".queue", has_text="今日任务")
        count = int(queue.locator("b").inner_text())
        assert count >= 2
        queue.click()
        expect(page.locator("#rows tr")).to_have_count(count)
        page.goto(office.url + "/")
        expect(page.locator(".todo")).to_contain_text(tasks[0]["title"])
        page.get_by_role("button", name=f"完成 {tasks[0]['title']}").click()
        expect(page).to_have_url(office.url + "/")
        expect(page.locator(".todo")).not_to_contain_text(tasks[0]["title"])
        assert office.boss.read("tasks", tasks[0]["id"])["status"] == "done"
        expect(page.locator(".queue", has_text="今日任务").locator("b")).to_have_text(str(count - 1))

    def test_picker_makes_what_is_not_there(self, office, open_page):
        """A name that nobody has becomes a record in a dialog, is chosen in the form behind it, and what stands in that form is kept."""
        name = f"现场新建{next(number)}"
        page = open_page("/contacts/new")
        page.locator("#f-name").fill("王同行")
        picker = page.locator(".picker", has=page.locator("[name=customer_id]")).get_by_role("combobox")
        picker.press_sequentially(name)
        page.get_by_role("option", name=f"新建 “{name}”").click()
        dialog = page.locator("dialog[open]")
        expect(dialog.locator("#quick-name")).to_have_value(name)
        dialog.locator("#quick-mobile").fill("12")
        dialog.get_by_role("button", name="保存").click()
        expect(dialog.locator("#quick-mobile")).to_have_attribute("aria-invalid", "true")
        expect(dialog.get_by_role("alert")).to_contain_text("客户来源")
        dialog.locator("#quick-mobile").fill(f"1371{next(number):07d}")
        page.watched[:] = [fault for fault in page.watched if "422" not in fault]
        dialog.locator("#quick-source").select_option("walk_in")
        dialog.get_by_role("button", name="保存").click()
        expect(dialog).to_have_count(0)
        expect(picker).to_have_value(name)
        expect(page.locator("#f-name")).to_have_value("王同行")
        page.get_by_role("button", name="保存", exact=True).click()
        expect(page.get_by_role("link", name=name).first).to_be_visible()
        assert [row["name"] for row in office.boss.list("customers", q=name)["items"]] == [name]

    def test_home_folds_what_has_nothing_waiting(self, office, open_page):
        page = open_page("/")
        assert [text for text in page.locator(".queue b").all_inner_texts() if text == "0"] == []
        page.locator(".queues-idle summary").click()
        expect(page.locator(".queues-idle a").first).to_be_visible()

    @pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
    def test_masked_value_is_shown_for_a_reason(self, office, open_page, scripts):
        mark = f"{next(number):04d}"
        one = customer(office, mobile=f"1380077{mark}")
        code = f"sees_little_{mark}"
        office.boss.post("/roles", {"code": code, "name": code, "permissions": {"customers": {"read": "all", "reveal": "all"}}, "fields": {"customers.mobile": "masked"}})
        office.boss.make("users", username=code, name="小看", password=PASSWORD + "r", roles=[code])
        page = open_page(f"/login?next=/customers/{one['id']}", cookies=False, scripts=scripts)
        page.get_by_label("登录名").fill(code)
        page.get_by_label("密码").fill(PASSWORD + "r")
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(one["name"])
        assert one["mobile"] not in page.content()
        page.get_by_role("link", name="查看完整手机号码").first.click()
        if scripts:
            expect(page.get_by_label("查看原因")).to_be_visible()
            assert not (found := check_page(page, Axe())), "\n".join(found)
        page.get_by_label("查看原因").fill("核对送货电话")
        page.get_by_role("button", name="查看", exact=True).click()
        expect(page.locator("main")).to_contain_text(re.compile(r"138 ?0077 ?" + mark))
        page.get_by_role("link", name="返回").click()
        assert one["mobile"] not in page.content()
        page.goto(f"{office.url}/customers/{one['id']}?tab=history")
        expect(page.locator("main")).to_contain_text("查看了脱敏内容")

    def test_next_record_of_the_list(self, office, open_page):
        mark = f"邻居{next(number)}"
        rows = [customer(office, name=f"{mark}{letter}") for letter in "abc"]
        page = open_page(f"/customers?q={mark}&sort=-name", scripts=False)
        page.get_by_role("link", name=rows[1]["name"]).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(rows[1]["name"])
        page.get_by_role("link", name="下一条").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(rows[0]["name"])
        expect(page.get_by_role("link", name="下一条")).to_have_count(0)
        page.get_by_role("link", name="详情").click()
        page.get_by_role("link", name="上一条").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(rows[1]["name"])
        page.get_by_role("link", name="上一条").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(rows[2]["name"])

    @pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
    def test_either_of_two_conditions(self, office, open_page, scripts):
        mark = f"任一{next(number)}"
        for name, city, kind in (("甲", "杭州市", "company"), ("乙", "宁波市", "company"), ("丙", "温州市", "company"), ("丁", "宁波市", "dealer")):
            customer(office, name=mark + name, city=city, type=kind)
        page = open_page(f"/customers?q={mark}", scripts=scripts)

        def add(field, op, value, joining=None):
            panel = filter_panel(page, scripts)
            page.get_by_label("字段", exact=True).select_option(field)
            page.get_by_label("条件").select_option(op)
            page.get_by_label("值", exact=True).fill(value)
            if joining:
                page.get_by_label("与其他筛选").select_option(label=joining)
            panel.get_by_role("button", name="应用").click()

        add("city", "eq", "杭州市")
        expect(page.locator("#rows tr")).to_have_count(1)
        add("city", "eq", "宁波市", "或者：与「城市 是 杭州市」满足其一")
        expect(page.locator("#rows tr")).to_have_count(3)
        expect(page.get_by_role("group", name="满足其一")).to_have_text(re.compile(r"城市\s*是\s*杭州市\s*或\s*城市\s*是\s*宁波市"))
        add("type", "eq", "经销商", "并且：组内与「城市 是 宁波市」同时满足")
        expect(page.locator("#rows tr")).to_have_count(2)
        # The API reads the same address.
        assert office.boss.get("/customers?" + page.url.split("?")[1]).json["count"] == 2
        page.get_by_role("link", name="移除筛选 客户类型").click()
        expect(page.locator("#rows tr")).to_have_count(3)

    def test_filter_through_a_link(self, office, open_page):
        one = customer(office, city="衢州市")
        office.boss.make("orders", customer_id=one["id"], amount_cents=100)
        page = open_page("/orders")
        filter_panel(page)
        page.get_by_label("字段", exact=True).select_option("customer_id.city")
        page.get_by_label("值", exact=True).fill("衢州市")
        page.locator("#addfilter").get_by_role("button", name="应用").click()
        expect(page.locator("#rows tr")).to_have_count(1)
        expect(page.locator(".chip", has_text="客户 · 城市")).to_be_visible()

    def test_divisions_are_chosen_from_above(self, office, open_page):
        page = open_page("/customers/new?full=1")
        page.get_by_label("省份").select_option("浙江省")
        page.get_by_label("城市").select_option("杭州市")
        page.get_by_label("区县").select_option("西湖区")
        page.get_by_label("省份").select_option("北京市")
        expect(page.get_by_label("城市")).to_have_value("")
        page.get_by_label("城市").select_option("北京市")
        page.get_by_label("区县").select_option("东城区")
        page.get_by_label("客户名称").fill(name := f"京城{next(number)}")
        page.get_by_label("客户类型").select_option("company")
        page.get_by_label("客户来源").select_option("other")
        page.get_by_role("button", name="保存", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        page.get_by_role("link", name="编辑").first.click()
        expect(page.get_by_label("区县")).to_have_value("东城区")
        made = office.boss.read("customers", int(page.url.split("/")[-2]))
        assert (made["province"], made["city"], made["district"]) == ("北京市", "北京市", "东城区")

    def test_template_says_what_each_column_takes(self, office):
        web = zhike.Web(office.port).log_in()
        sheet = web.get("/customers/import/template?format=csv").body.decode("utf-8-sig").splitlines()
        assert "客户名称" in sheet[0] and "手机号码" in sheet[0]
        assert sheet[1].lstrip('"').startswith("※") and "11 位手机号码" in sheet[1]

    def test_density_of_lists(self, office, open_page):
        customer(office)
        page = open_page("/me/preferences")
        for choice, style in (("紧凑", "tbl-compact"), ("宽松", "tbl-roomy"), ("标准", None)):
            page.goto(office.url + "/me/preferences")
            page.get_by_label(choice, exact=True).check(force=True)
            page.get_by_role("button", name="保存", exact=True).click()
            page.goto(office.url + "/customers")
            assert page.locator(".tbl").get_attribute("class").split() == ["tbl"] + ([style] if style else [])

    def test_undo_of_a_new_record_leads_to_the_list(self, office, open_page):
        page = open_page("/customers/new")
        page.get_by_label("客户名称").fill(f"马上撤销{next(number)}")
        page.get_by_label("客户类型").select_option("company")
        page.get_by_label("客户来源").select_option("other")
        page.get_by_role("button", name="保存", exact=True).click()
        page.locator(".toast").get_by_role("button", name="撤销").click()
        expect(page).to_have_url(office.url + "/customers")
        expect(page.locator(".toast")).to_contain_text("已撤销")

    def test_dark_mode(self, office, open_page):
        page = open_page("/customers")
        ready(page)
        colours = "[getComputedStyle(document.querySelector('.topbar')).color, getComputedStyle(document.querySelector('.pagehead h1')).color]"
        light = page.evaluate(colours)
        page.get_by_role("button", name="切换深浅色").click()
        dark = page.evaluate(colours)
        assert light != dark
        page.reload()
        assert page.evaluate(colours) == dark, "kept"

    @WIDTHS
    def test_log_out(self, office, chromium, open_page, size):
        page = open_page("/login", size, cookies=False)
        page.get_by_label("登录名").fill(ADMIN)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page).to_have_url(office.url + "/")
        cookie, = [cookie for cookie in page.context.cookies() if cookie["name"] == "zhike_session"]
        assert cookie["httpOnly"] and cookie["sameSite"] in ("Lax", "Strict")
        if size == DESK:
            page.locator("[popovertarget=usermenu]").click()
        else:
            page.goto(office.url + "/more")
        page.get_by_role("button", name="退出登录").locator("visible=true").click()
        expect(page).to_have_url(re.compile(r"/login"))
        page.context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": office.url}])
        page.goto(office.url + "/customers")
        expect(page).to_have_url(re.compile(r"/login")), "the session is dead on the server"

    @WIDTHS
    def test_without_scripts(self, office, open_page, size):
        mark = f"无脚本{next(number)}"
        one = customer(office, name=mark, city="杭州市")
        page = open_page("/login?next=/customers", size, cookies=False, scripts=False)
        page.get_by_label("登录名").fill(ADMIN)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page).to_have_url(office.url + "/customers")
        panel = filter_panel(page, scripts=False)
        page.get_by_label("字段", exact=True).select_option("name")
        page.get_by_label("条件").select_option("contains")
        page.get_by_label("值", exact=True).fill(mark)
        panel.get_by_role("button", name="应用").click()
        expect(page.locator("#rows tr")).to_have_count(1)
        page.locator("#rows").get_by_role("link", name=mark).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(mark)
        composer = page.locator("form.composer").first
        composer.locator("textarea").fill("没有脚本也能记")
        composer.get_by_role("button", name="保存").click()
        expect(page.locator("#timeline")).to_contain_text("没有脚本也能记")
        page.goto(f"{office.url}/customers/{one['id']}/edit")
        page.get_by_label("简称").fill("简")
        page.get_by_role("button", name="保存", exact=True).click()
        expect(page).to_have_url(re.compile(rf"/customers/{one['id']}$"))
        assert office.boss.read("customers", one["id"])["short_name"] == "简"
        expect(page.locator(".toast")).to_contain_text("已保存")
        page.locator(".toast").get_by_role("button", name="撤销").click()
        assert office.boss.read("customers", one["id"])["short_name"] is None
        page.goto(office.url + "/search?q=wjb")
        expect(page.locator("main")).to_contain_text(mark)
        page.goto(office.url + "/customers/new")
        page.get_by_label("客户名称").fill(mark + "新")
        page.get_by_label("客户类型").select_option("company")
        page.get_by_label("客户来源").select_option("other")
        page.get_by_role("button", name="保存", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(mark + "新")

    def test_attachments(self, office, open_page, tmp_path):
        one = customer(office)
        page = open_page(f"/customers/{one['id']}?tab=files")
        (tmp_path / "报价 单.txt").write_text("一二三", "utf-8")
        (tmp_path / "坏.html").write_text("<script>window.ran = 1</script>")
        for name in ("报价 单.txt", "坏.html"):
            page.locator("input[type=file]").set_input_files(tmp_path / name)
            page.get_by_role("button", name="上传").click()
            page.wait_for_load_state("load")
            page.goto(f"{office.url}/customers/{one['id']}?tab=files")
        expect(page.locator("main")).to_contain_text("报价 单.txt")
        for link in page.locator("main a[href^='/files/']").all():
            answer = page.request.get(office.url + link.get_attribute("href"))
            assert "attachment" in answer.headers["content-disposition"] and answer.headers["x-content-type-options"] == "nosniff"
        page.watched[:] = [fault for fault in page.watched if "415" not in fault and "422" not in fault]


# ---------------------------------------------------------------------------------------------------------------- accessibility, looks

@pytest.fixture(scope="module")
def gallery(office):
    one = customer(office, name="无障碍有限公司", city="杭州市", remark="备注", level_id=1)
    office.boss.make("interactions", customer_id=one["id"], content="第一次沟通", next_at="2031-01-01T01:00:00Z")
    office.boss.make("contacts", customer_id=one["id"], name="王芳", mobile="13800000001")
    return {
        "home": "/", "list": "/customers", "filtered": "/customers?filter[city]=杭州市&q=无障碍", "nothing": "/customers?q=不存在的客户", "record": f"/customers/{one['id']}", "details": f"/customers/{one['id']}?tab=details",
        "history": f"/customers/{one['id']}?tab=history", "files": f"/customers/{one['id']}?tab=files", "related": f"/customers/{one['id']}?tab=contacts", "form": "/customers/new?full=1", "quick": "/customers/new", "edit": f"/customers/{one['id']}/edit",
        "order": "/orders/new?full=1", "import": "/customers/import", "search": "/search?q=wza", "settings": "/settings", "users": "/settings/users", "roles": "/settings/roles", "role": "/settings/roles/2", "bin": "/settings/bin", "audit": "/settings/audit",
        "departments": "/settings/departments", "fields": "/settings/fields/customers", "parameters": "/settings/parameters", "api": "/settings/api", "me": "/me", "password": "/me/password", "sessions": "/me/sessions", "tokens": "/me/tokens", "totp": "/me/totp",
        "preferences": "/me/preferences", "jobs": "/jobs", "more": "/more", "notifications": "/notifications", "views": "/customers/views?state=q%3D1", "review": "/customers/duplicates/review", "gather": "/contacts/gather", "share": f"/customers/{one['id']}/share", "tasks": "/tasks", "orders": "/orders", "duplicates": f"/customers/merge?id={one['id']}", "user": "/users/1",
        "lost": "/customers/99999999", "login": "/login",
    }


NEEDED = "home list record form login settings search".split()
# Looked at in one width and scheme each, for time's sake.
OTHERS = "import filtered nothing details history files related quick edit order users roles role bin audit departments fields parameters api me password sessions tokens totp preferences jobs more notifications views review gather share tasks orders duplicates user lost".split()

class TestLooks:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @WIDTHS
    def test_main_pages(self, office, open_page, gallery, size, scheme):
        axe, wrong = Axe(), {}
        page = open_page(None, size, scheme=scheme)
        for name in NEEDED:
            if name == "login":
                page.context.clear_cookies()
            page.goto(office.url + gallery[name])
            if found := check_page(page, axe):
                wrong[name] = found
            if name == "login":
                page.context.add_cookies(office.cookies)
        assert not wrong, "\n".join(f"{name}: {fault}" for name, found in wrong.items() for fault in found)

    @pytest.mark.parametrize("name", OTHERS)
    def test_every_other_page(self, office, open_page, gallery, name):
        page = open_page(gallery[name], PHONE if OTHERS.index(name) % 2 else DESK, scheme="dark" if OTHERS.index(name) % 4 < 2 else "light")
        if name == "lost":
            page.watched[:] = [fault for fault in page.watched if "404" not in fault]
        assert page.title() and not (name != "lost" and page.get_by_text("请求编号").count()), f"{gallery[name]} shows an error: {page.locator('main').inner_text()[:200]}"
        assert not (found := check_page(page, Axe())), "\n".join(found)

    def test_menus_and_dialogs(self, office, open_page, gallery):
        page = open_page(gallery["record"])
        ready(page)
        axe, wrong = Axe(), []
        page.get_by_role("button", name="更多操作").click()
        wrong += check_page(page, axe)
        page.keyboard.press("Escape")
        page.keyboard.press("Control+k")
        page.get_by_role("combobox", name="搜索").type("wza")
        expect(page.locator("#palette-list [role=option]").first).to_be_visible()
        wrong += check_page(page, axe)
        page.keyboard.press("Escape")
        page.goto(office.url + "/customers")
        ready(page)
        for button in ("添加筛选", "排序", "列"):
            page.get_by_role("button", name=button, exact=True).click()
            wrong += check_page(page, axe)
            page.keyboard.press("Escape")
        page.locator("#rows input[type=checkbox]").first.check()
        wrong += check_page(page, axe)
        assert not wrong, "\n".join(wrong)

    def test_what_a_rule_minds_stands_in_the_form(self, office, open_page):
        one = customer(office)
        page = open_page(f"/customers/{one['id']}")
        composer = page.locator("form.composer").first
        composer.locator("textarea").fill("说了很多")
        composer.get_by_label("下次联系").fill("2020-01-02T09:30")
        composer.get_by_role("button", name="保存").click()
        expect(page.get_by_role("alert")).to_contain_text("下次联系应晚于本次时间")
        expect(page.get_by_label("内容")).to_have_value("说了很多")
        page.watched[:] = [fault for fault in page.watched if "422" not in fault]

    def test_refused_form(self, office, open_page):
        page = open_page("/customers/new?full=1")
        page.get_by_label("手机号码", exact=True).fill("1")
        page.get_by_role("button", name="保存", exact=True).click()
        expect(page.get_by_role("alert")).to_be_visible()
        page.watched[:] = [fault for fault in page.watched if "422" not in fault]
        assert not (found := check_page(page, Axe())), "\n".join(found)

    def test_english(self, farm):
        """Somebody who works in English meets no Chinese on any page that can be reached, apart from what people have written."""
        office = farm.system(name="english").add_admin().start()
        office.log_in().make("users", username="english", name="Jane", password=PASSWORD + "e", roles=["admin"])
        api, web = office.log_in("english", PASSWORD + "e"), zhike.Web(office.port).log_in("english", PASSWORD + "e")
        web.get("/me/preferences")
        web.post("/me/preferences", {"language": "en", "theme": "auto"})
        one = api.make("customers", name="Acme", type="company", source="other", mobile="13800001234", city="杭州市")
        about = {"customer_id": one["id"]}
        api.make("contacts", name="Ann", mobile="13800001235", **about)
        api.make("interactions", content="Asked for a price.", **about)
        api.make("tasks", title="Call back", due_at="2031-01-01T01:00:00Z", **about)
        api.make("orders", amount_cents=100, **about)
        written, records = set(), ["/customers/new?name=Acme"]
        for entity in (schema["name"] for schema in api.get("/schema").json["entities"] if schema["name"] != "files"):
            answer = api.get(f"/{entity}", limit=200, sort="-id")
            for row in answer.json["items"] if answer.status == 200 else []:
                written |= {text for text in texts(row) if CHINESE.search(text)}
            records += [f"/{entity}"] + [f"/{entity}/{row['id']}" for row in (answer.json["items"][:1] if answer.status == 200 else [])]
        data = re.compile("|".join(re.escape(text) for text in sorted(written | {"知客", "本公司"}, key=len, reverse=True)))
        wrong, seen, kinds, waiting = {}, set(), set(), ["/", f"/customers/{one['id']}"] + records
        while waiting:
            path = waiting.pop(0).split("#")[0]
            kind = re.sub(r"/\d+|\?(?!tab|section|full).*", "", path)
            if kind in kinds:
                continue
            kinds.add(kind)
            seen.add(path)
            answer = web.get(path)
            assert answer.status == 200, f"{path}: {answer.status}"
            if "text/html" not in answer.headers.get("content-type", ""):
                continue
            page = re.sub(r"<(script|style|pre).*?</\1>", " ", answer.text, flags=re.S)
            waiting += [link.replace("&amp;", "&") for link in re.findall(r'<a[^>]* href="(/[^"]*)"', page) if not re.match(r"/(files|assets|logout|api/)|.*/(export|template|rejected)\b", link)]
            # Not the language's own name, nor the first character of a name in its round sign.
            page = re.sub(r'<span class="av[^<]*</span>|>中文<|(href|value)="[^"]*"', "", html.unescape(page))
            page = data.sub("", page)
            if left := set(re.findall(r"[\u4e00-\u9fff]+", page)):
                wrong[path] = left
        assert len(seen) > 60, seen
        assert not wrong, "\n".join(f"{path}: {' '.join(sorted(left))}" for path, left in wrong.items())


# ---------------------------------------------------------------------------------------------------------------- what must never happen

PAYLOADS = [
    '<script>window.ran=1</script>', '"><img src=x onerror="window.ran=1">', "'><svg onload=window.ran=1>", "javascript:window.ran=1", "</textarea><script>window.ran=1</script>", "</title><script>window.ran=1</script>",
    "{{constructor.constructor('window.ran=1')()}}", "<a href=javascript:window.ran=1>x</a>", "--><script>window.ran=1</script>", "\\u003cscript\\u003ewindow.ran=1\\u003c/script\\u003e", "<iframe srcdoc='<script>parent.ran=1</script>'>",
]


class TestHostileText:
    def test_stored_scripts_never_run(self, office, open_page):
        """A payload in every text field of a customer and of what hangs on it; every page that shows them."""
        kinds = ("text", "long_text", "address", "region")
        made = []
        for index, payload in enumerate(PAYLOADS):
            fields = {field["name"]: payload for field in office.boss.get("/schema/customers").json["fields"] if field["type"] in kinds and field["right"] == "edit"}
            body = {**fields, "type": "company", "source": "other", "name": f"{payload}{index}"[:100]}
            while (answer := office.boss.post("/customers", body)).status != 201:
                for error in answer.json["errors"]:
                    body.pop(error["field"])
            made.append(answer.json["id"])
            talk = {field["name"]: payload for field in office.boss.get("/schema/interactions").json["fields"] if field["type"] in kinds and field["right"] == "edit"}
            office.boss.make("interactions", **talk | {"customer_id": made[-1], "channel": "phone"})
            office.boss.make("contacts", customer_id=made[-1], name=payload[:50], note=payload)
            office.boss.make("tasks", customer_id=made[-1], title=payload, content=payload)
            office.boss.make("orders", customer_id=made[-1], remark=payload, lines=[{"product": payload, "quantity": 1}])
            office.boss.patch(f"/customers/{made[-1]}", {"remark": payload + payload})
        office.boss.make("tags", name='"><img src=x onerror=window.ran=1>')
        office.boss.make("departments", name=PAYLOADS[1], kind="department")
        page = open_page(None)
        ran = []
        page.context.add_init_script("Object.defineProperty(window, 'ran', {set() { console.error('a stored script ran') }, configurable: true})")
        page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
        paths = ["/", "/customers", "/interactions", "/contacts", "/tasks", "/orders", "/settings/audit", "/settings/departments", "/tags", "/notifications", "/search?q=script", "/search?q=" + "%22%3E%3Cimg%20src=x%20onerror=window.ran=1%3E", "/customers?q=%3Cscript%3Ewindow.ran=1%3C/script%3E",
                 "/customers/print", "/customers?filter[name][contains]=%3Cscript%3E"]
        for id in made:
            paths += [f"/customers/{id}", f"/customers/{id}?tab=history"]
        for id in made[:3]:
            paths += [f"/customers/{id}{rest}" for rest in ("?tab=details", "?tab=interactions", "?tab=orders", "/edit", "/print", "/share")] + [f"/customers/merge?id={id}&id={made[3]}"]
        for path in paths:
            page.goto(office.url + path)
            assert not page.evaluate("document.querySelectorAll('#main img[src=x], #main svg[onload], #main iframe, #main script:not([type])').length"), path
        page.goto(office.url + "/")
        ready(page)
        page.keyboard.press("Control+k")
        page.get_by_role("combobox", name="搜索").type("script")
        expect(page.locator("#palette-list [role=option]").first).to_be_visible()
        page.goto(f"{office.url}/customers/{made[1]}")
        ready(page)
        page.get_by_label("联系人").first.type("img")
        page.wait_for_load_state("networkidle")
        assert not ran
        # Dangerous links are dead.
        for link in page.locator("a[href^='javascript' i]").all():
            raise AssertionError(link.get_attribute("href"))

    def test_forged_forms_are_refused(self, office):
        one = customer(office)
        web = zhike.Web(office.port)
        web.cookies = {cookie["name"]: cookie["value"] for cookie in office.cookies}
        web.get("/customers")
        path = f"/customers/{one['id']}/delete"
        for token, headers in (("", {}), ("x" * 32, {}), (web.csrf, {"Sec-Fetch-Site": "cross-site"}), (web.csrf, {"Sec-Fetch-Site": "same-site"})):
            answer = web.send("POST", path, [("_csrf", token)], headers=headers, follow=False)
            assert answer.status == 403, (token, headers, answer)
        assert web.send("GET", path, follow=False).status in (404, 405)
        assert office.boss.get(f"/customers/{one['id']}").status == 200
        assert web.post(path, {}, follow=False).status == 303

    def test_nothing_personal_is_kept_by_caches(self, office, open_page):
        page = open_page("/customers")
        for answer in (page.request.get(office.url + "/customers"), page.request.get(office.url + "/api/v1/customers")):
            assert "no-store" in answer.headers["cache-control"]
        asset = page.locator("link[rel=stylesheet]").get_attribute("href")
        assert "immutable" in page.request.get(office.url + asset).headers["cache-control"]


# The contrast of an element's words with what stands behind them, after WCAG 2.2.
CONTRAST = """element => {
  const part = text => text.match(/[\\d.]+/g).map(Number), clear = colour => colour.length > 3 && colour[3] === 0;
  let behind = element;
  while (clear(part(getComputedStyle(behind).backgroundColor))) behind = behind.parentElement;
  const light = colour => colour.slice(0, 3).map(c => c / 255).map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const [a, b] = [light(part(getComputedStyle(element).color)), light(part(getComputedStyle(behind).backgroundColor))].sort((a, b) => b - a);
  return (a + .05) / (b + .05);
}"""


class TestSmallThings:
    @WIDTHS
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_the_way_back_is_read_and_found_by_keyboard(self, office, open_page, size, scheme):
        page = open_page(f"/customers/{customer(office)['id']}/edit", size=size, scheme=scheme)
        page.get_by_label("简称").fill("简")
        page.get_by_role("button", name="保存", exact=True).click()
        undo = page.locator(".toast").get_by_role("button", name="撤销")
        expect(undo).to_be_visible()
        assert (found := undo.evaluate(CONTRAST)) >= 4.5, found
        page.locator(".toast").get_by_role("button", name="关闭").focus()
        page.keyboard.press("Shift+Tab")
        expect(undo).to_be_focused()
        assert undo.evaluate("button => getComputedStyle(button).outlineStyle") == "solid"
        undo.hover()
        assert (found := undo.evaluate("""button => { button.style.transition = 'none'; return getComputedStyle(button).backgroundColor }""")) != "rgb(255, 255, 255)", found

    @WIDTHS
    def test_the_present_step_is_seen_and_an_edge_that_hides_more_fades(self, office, open_page, size):
        who = customer(office)
        page = open_page(f"/orders/{office.boss.make('orders', customer_id=who['id'], amount_cents=100)['id']}", size=size)
        path = page.locator("ol.path")
        # The bar as if it stood at its last step, in a space that is too narrow for all.
        path.evaluate("""path => {
          const next = path.cloneNode(true); next.style.maxWidth = '260px';
          next.querySelectorAll('[aria-current]').forEach(step => step.removeAttribute('aria-current'));
          next.lastElementChild.setAttribute('aria-current', 'step');
          path.replaceWith(next);
        }""")
        expect(path).to_have_attribute("data-before", "")
        assert path.get_attribute("data-after") is None
        expect(path.locator("[aria-current=step]")).to_be_in_viewport(ratio=.9)
        assert "gradient" in path.evaluate("path => getComputedStyle(path).maskImage")
        path.evaluate("path => { path.scrollLeft = 0 }")
        expect(path).to_have_attribute("data-after", "")
        assert path.get_attribute("data-before") is None
