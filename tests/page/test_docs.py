"""The REST API's page works with no internet and under the same policy."""

import re

from playwright.sync_api import Page, expect


def test_the_api_page_steps_a_session_with_its_key_and_the_body_it_fills_in(page: Page, server: str) -> None:
    made = page.request.post(f"{server}/api/v1/sessions", data={}).json()
    page.goto(f"{server}/docs")
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_class("dark-mode")
    expect(page.get_by_role("link", name="The lens")).to_have_attribute("href", "/")
    page.get_by_role("button", name="Authorize").click()
    page.locator(".auth-container input").fill(made["edit_key"])
    page.locator(".auth-container").get_by_role("button", name=re.compile("authorize|apply", re.IGNORECASE)).click()
    page.locator(".modal-ux").get_by_role("button", name="Close").last.click()
    call = page.locator(".opblock-post").filter(has=page.locator('[data-path="/api/v1/sessions/{id}/steps"]'))
    call.locator(".opblock-summary-control").click()
    call.get_by_placeholder("id").fill(made["id"])
    call.get_by_placeholder("include").fill("dW")  # a short answer is shown sooner
    call.get_by_role("button", name="Execute").click()
    expect(call.locator(".live-responses-table tbody .response-col_status").first).to_contain_text("200")
