"""The picture to share."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from tests.server.page.conftest import Visit, choose, until, wait_for

# A device with a share sheet, which notes what it is given.
_SHARE_SHEET = """
navigator.canShare = (data) => data.files?.every((file) => file.type === "image/png");
navigator.share = async ({ files, text }) => {
  window.shared = { size: files[0].size, name: files[0].name, text };
};
"""


def test_the_picture_is_saved_with_the_face_in_it(answered: Page, tmp_path: Path) -> None:
    with answered.expect_download() as download:
        answered.get_by_role("button", name="Save a picture").click()
    assert download.value.suggested_filename == "starlike.png"
    file = tmp_path / "starlike.png"
    download.value.save_as(file)
    with Image.open(file) as picture:
        assert picture.format == "PNG"
        assert picture.size == (1080, 1350)
        pixels = np.asarray(picture.convert("RGB")).astype(int)
    # Left the photo, which has more shades than anything that is drawn; between them the seal.
    left, right = pixels[500:1000, 100:480], pixels[500:1000, 600:980]
    assert len(np.unique(left.reshape(-1, 3), axis=0)) > 3 * len(
        np.unique(right.reshape(-1, 3), axis=0)
    )
    assert (np.abs(pixels - (255, 200, 97)).sum(axis=2) < 12).sum() > 10_000


def test_where_the_device_has_a_share_sheet_it_is_used(visit: Visit, astronaut: Path) -> None:
    page = visit()
    page.context.add_init_script(_SHARE_SHEET)
    page.reload()
    choose(page, astronaut)
    wait_for(page, "result")
    page.get_by_role("button", name="Share a picture").click()
    until(page, "Boolean(window.shared)")
    shared = page.evaluate("shared")
    assert shared["name"] == "starlike.png"
    assert shared["size"] > 50_000
    assert shared["text"] == f"You look like {page.locator('#result .headline').inner_text()}"
    expect(page.locator("#result")).to_be_visible()
