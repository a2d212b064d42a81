"""Nothing typed is ever lost: a closed tab, an expired session, no network, a refused save, a colleague who was faster."""
import re

import pytest
from chrome import PHONE, WIDTHS, customer, number, ready, session
from playwright.sync_api import expect
from zhike import PASSWORD


@pytest.fixture
def form(office, open_page):
    """Opens a form in a browser that says yes when it asks whether to leave."""
    def form(path="/leads/new", **more):
        page = open_page(path, **more)
        page.on("dialog", lambda dialog: dialog.accept())
        ready(page)
        return page
    return form


def drafts(page) -> list:
    return page.evaluate("() => Object.keys(localStorage).filter(key => key.startsWith('draft:'))")


def kept(page):
    """A moment after the last key it is written down."""
    page.wait_for_function("() => Object.keys(localStorage).some(key => key.startsWith('draft:'))")
    page.wait_for_timeout(300)


def forget(page, *words):
    """What the test brought about itself."""
    page.watched[:] = [fault for fault in page.watched if not any(word in fault for word in words)]


@WIDTHS
def test_a_closed_tab_keeps_what_was_typed(office, form, size):
    name = f"纪未存{next(number)}"
    page = form(size=size)
    page.locator("#f-name").fill(name)
    page.locator("#f-source").select_option("website")
    page.locator("#f-buy_within").select_option(index=1)
    kept(page)
    other = page.context.new_page()
    page.close()
    other.goto(office.url + "/leads/new")
    expect(other.locator("#f-name")).to_have_value(name)
    expect(other.locator("#f-source")).to_have_value("website")
    expect(other.locator(".draft-note")).to_contain_text("没有保存的内容")
    # The whole form is the same form.
    other.get_by_role("link", name="更多字段").click()
    expect(other.locator("#f-name")).to_have_value(name)
    other.locator(".draft-note").get_by_role("button", name="丢弃").click()
    expect(other.locator("#f-name")).to_have_value("")
    assert not drafts(other)


def test_what_is_saved_is_kept_no_longer(office, form):
    page = form()
    page.locator("#f-name").fill(f"范已存{next(number)}")
    page.locator("#f-mobile").fill(f"1381{next(number):07d}")
    page.locator("#f-source").select_option("website")
    kept(page)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("已新建")
    assert not drafts(page)
    page.goto(office.url + "/leads/new")
    expect(page.locator("#f-name")).to_have_value("")


def test_an_expired_session_leads_back_to_the_text(office, form):
    made = office.boss.make("users", username=f"lin{next(number)}", name="林会话", password=PASSWORD + "lin", roles=["sales_consultant"])
    page = form(cookies=session(office, made["username"], PASSWORD + "lin"))
    name = f"卫过期{next(number)}"
    page.locator("#f-name").fill(name)
    kept(page)
    page.context.clear_cookies()
    # Whatever the page asks next leads to the log-in: the button, or the look for doubles before it.
    page.evaluate("() => document.querySelector('form.form .btn-p').click()")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.locator("[name=username]").fill(made["username"])
    page.locator("[name=password]").fill(PASSWORD + "lin")
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(office.url + "/leads/new")
    expect(page.locator("#f-name")).to_have_value(name)
    forget(page, "401")


def test_without_a_network_nothing_is_lost(office, form):
    page = form()
    name = f"康断网{next(number)}"
    page.locator("#f-name").fill(name)
    kept(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="保存", exact=True).click()
    page.wait_for_timeout(500)
    page.context.set_offline(False)
    page.goto(office.url + "/leads/new")
    expect(page.locator("#f-name")).to_have_value(name)
    forget(page, "ERR_INTERNET_DISCONNECTED")


def test_a_refused_save_is_at_the_forms_address(office, form):
    page = form()
    name = f"陶被拒{next(number)}"
    page.locator("#f-name").fill(name)
    page.locator("#f-source").select_option("website")
    page.locator("#f-mobile").fill("12")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".alert-bad")).to_be_visible()
    expect(page).to_have_url(office.url + "/leads/new")
    page.wait_for_timeout(400)
    page.reload()
    expect(page.locator("#f-mobile")).to_have_value("12")
    page.goto(office.url + "/customers")
    page.go_back()
    expect(page.locator("#f-name")).to_have_value(name)
    forget(page, "422")


def test_lines_and_choices_come_back(office, form):
    buyer = customer(office)
    page = form(f"/quotes/new?customer_id={buyer['id']}&full=1")
    for index in range(5):
        if not page.locator(f"[name='lines.{index}.quantity']").count():
            page.locator("[data-add-line]").click()
        page.locator(f"[name='lines.{index}.quantity']").fill(str(index + 2))
    kept(page)
    page.reload()
    for index in range(5):
        expect(page.locator(f"[name='lines.{index}.quantity']")).to_have_value(str(index + 2))
    page.locator(".draft-note button").click()


def test_a_note_half_written_is_there_again_and_logging_out_forgets(office, form):
    one = customer(office)
    page = form(f"/customers/{one['id']}")
    page.locator("form.composer textarea").first.fill("客户说下周来看车，还没写完")
    kept(page)
    page.goto(office.url + "/")
    page.goto(f"{office.url}/customers/{one['id']}")
    expect(page.locator("form.composer textarea").first).to_have_value("客户说下周来看车，还没写完")
    # Once saved it is gone, here where it was written too.
    page.locator("form.composer").first.get_by_role("button", name="保存").click()
    expect(page.locator("#timeline")).to_contain_text("客户说下周来看车")
    expect(page.locator("form.composer textarea").first).to_have_value("")
    assert not drafts(page)
    page.locator("form.composer textarea").first.fill("又一条没写完的")
    kept(page)
    # Logging out throws it away.
    assert len(drafts(page)) == 1
    page.evaluate("() => { localStorage.setItem('theme', 'light'); }")
    page.locator(".nav-end .ws").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    assert not drafts(page)
    office.cookies[:] = session(office)


def test_a_conflict_names_what_differs_and_only_that(office, form):
    one = customer(office, short_name="原简称", address="原地址", type="company")
    page = form(f"/customers/{one['id']}/edit")
    page.locator("#f-short_name").fill("我的简称")
    office.boss.patch(f"/customers/{one['id']}", {"address": "别人改的地址"})
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".alert-bad").first).to_contain_text("其他人修改了这条记录")
    named = page.locator(".alert-bad li").all_inner_texts()
    assert len([line for line in named if "当前值为：" in line]) == 2, named
    assert any("简称" in line and "原简称" in line for line in named) and any("地址" in line and "别人改的地址" in line for line in named), named
    expect(page.locator("#f-short_name")).to_have_value("我的简称")
    forget(page, "409")


def test_what_goes_wrong_is_said_inside_the_shell(office, open_page):
    page = open_page("/customers/999999")
    expect(page.locator("aside.sidebar")).to_be_visible()
    expect(page.get_by_role("heading", name="没有找到")).to_be_visible()
    forget(page, "404")
    small = open_page("/nowhere/1", size=PHONE)
    expect(small.get_by_role("navigation", name=re.compile("主|底")).first).to_be_attached()
    expect(small.get_by_role("heading", name="没有找到")).to_be_visible()
    forget(small, "404")
