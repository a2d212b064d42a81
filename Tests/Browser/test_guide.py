"""The first-run guide in a real chromium: what stays on the screen, what stands in line, and lines for the asking."""
import pytest
from axe_playwright_python.sync_playwright import Axe
from chrome import DESK, PHONE, WIDTHS, check_page, ready
from playwright.sync_api import expect

STEPS = ["places", "people", "parameters", "records"]


@WIDTHS
@pytest.mark.parametrize("step", STEPS)
def test_every_step_is_accessible_and_fits(open_page, step, size):
    page = open_page(f"/setup/{step}", size)
    ready(page)
    assert check_page(page, Axe()) == []


def test_on_a_phone_the_buttons_leave_the_screen_to_the_step(open_page):
    page = open_page("/setup/people", PHONE)
    ready(page)
    foot, tabs = (page.locator(bar).bounding_box() for bar in (".guide-foot", ".tabbar"))
    assert foot["y"] > tabs["y"], "behind the last line, not over the others"
    page.locator(".guide-foot .btn-p").scroll_into_view_if_needed()
    foot = page.locator(".guide-foot").bounding_box()
    assert foot["height"] + tabs["height"] < 844 * 0.16, (foot, tabs)
    rows = [row.bounding_box() for row in page.locator(".guide-line").all()[:2]]
    assert rows[1]["y"] - rows[0]["y"] - rows[0]["height"] >= 8, "one person is apart from the next"


def test_on_a_desk_the_buttons_stand_in_line_with_the_card(open_page):
    page = open_page("/setup/people", DESK)
    ready(page)
    card, foot, later = (page.locator(what).first.bounding_box() for what in (".guide .card", ".guide-foot", ".guide-foot .btn"))
    assert (foot["x"], foot["width"]) == (card["x"], card["width"]) and later["x"] == card["x"]


def test_more_lines_come_at_once_with_script_and_by_a_submit_without(open_page):
    page = open_page("/setup/people", DESK)
    ready(page)
    page.fill("[name=name_6]", "王芳")
    page.click("[data-more]")
    expect(page.locator("[name=name_7]")).to_be_focused()
    expect(page.locator("[name=name_7]")).to_have_value("")
    expect(page.locator("label[for=f-username_7]")).to_have_count(1)
    plain = open_page("/setup/people", DESK, scripts=False)
    plain.fill("[name=name_1]", "王芳")
    plain.click("[data-more]")
    expect(plain.locator("[name=name_9]")).to_be_visible()
    expect(plain.locator("[name=name_1]")).to_have_value("王芳")
