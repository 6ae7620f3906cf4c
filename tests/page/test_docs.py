"""The REST API's page works with no internet and under the same policy."""

from playwright.sync_api import Page, expect


def test_the_api_page_lists_the_calls(page: Page, server: str) -> None:
    page.goto(f"{server}/docs")
    expect(page.get_by_text("/api/v1/trace").first).to_be_visible()
