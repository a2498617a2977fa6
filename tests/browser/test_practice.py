"""A task tried at work: handed in with a photo on a small phone without scripts, and confirmed by its code."""

from __future__ import annotations

import io
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Route

from learning.practice.shrinking import LONGEST_SIDE
from tests.browser.conftest import Visit, Visitor
from tests.browser.looking import complaints
from tests.practice.photos import LATITUDE, REFUSED, with_place

pytestmark = [pytest.mark.browser, pytest.mark.prove]


def fits(visitor: Visitor) -> None:
    assert visitor.sideways() == 0


def look(visitor: Visitor) -> None:
    """The page that is open has no violation and fits its window."""
    assert complaints(visitor, visitor.page.url) == []


def code_on(visitor: Visitor) -> str:
    """The path to which the QR code on the page leads."""
    picture = Image.open(io.BytesIO(visitor.page.locator(".qr").screenshot()))
    (found,) = zxingcpp.read_barcodes(picture)
    return urlsplit(found.text).path


def test_it_is_handed_in_with_a_photo_returned_and_confirmed_on_the_spot(visit: Visit, tmp_path: Path) -> None:
    phone = visit(width=360, scripts=False, expect_status=(422,))
    trainer = visit(width=360, dark=True)
    (tmp_path / "IMG_1.jpg").write_bytes(with_place(orientation=6))
    (tmp_path / "moves.webp").write_bytes(REFUSED["moving webp"])

    phone.sign_in("employee")
    phone.open("/courses/employee-path/m10/m10-l1")
    phone.follow(phone.page.get_by_role("link", name="Hand it in"))
    fits(phone)
    phone.page.get_by_label("What you did and found").fill("Valve 3 drips.")
    phone.page.get_by_label("Photo", exact=True).set_input_files(tmp_path / "moves.webp")
    phone.page.get_by_role("button", name="Hand it in").click()
    phone.page.get_by_role("link", name="This picture moves.").wait_for()
    fits(phone)
    assert phone.page.get_by_label("What you did and found").input_value() == "Valve 3 drips."
    phone.page.get_by_label("Photo", exact=True).set_input_files(tmp_path / "IMG_1.jpg")
    phone.page.get_by_role("button", name="Hand it in").click()
    phone.page.get_by_role("heading", name="Have it confirmed on the spot").wait_for()
    fits(phone)
    shown = phone.page.get_by_alt_text("The photo that you handed in")
    assert shown.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [200, 400]
    kept = phone.page.request.get(phone.site.url + str(shown.get_attribute("src"))).body()
    assert LATITUDE not in kept
    assert max(Image.open(io.BytesIO(kept)).size) <= LONGEST_SIDE

    path = code_on(phone)
    trainer.sign_in("trainer")
    trainer.open("/teaching/practice/")
    look(trainer)
    trainer.open(path)
    look(trainer)
    trainer.page.get_by_label("Note to the person").fill("How much water is it in a day?")
    trainer.page.get_by_role("button", name="Return with the note").click()
    trainer.page.get_by_text("Returned to Lena Brook").wait_for()

    phone.page.reload()
    assert "How much water is it in a day?" in phone.page.locator("main").inner_text()
    phone.page.get_by_label("What you did and found").fill("Valve 3 drips: 24 litres a day.")
    phone.follow(phone.page.get_by_role("button", name="Hand it in again"))
    assert code_on(phone) == path
    trainer.open(path)
    trainer.page.get_by_role("button", name="Confirm").click()
    trainer.page.get_by_text("Confirmed for Lena Brook.").wait_for()
    look(trainer)

    phone.open("/practice/")
    assert "Confirmed" in phone.page.locator(".practice-card").inner_text()
    fits(phone)
    phone.follow(phone.page.get_by_role("button", name="Delete the photo"))
    phone.page.get_by_text("The photo is deleted.").wait_for()
    assert "Confirmed" in phone.page.locator(".practice-card").inner_text()
    # With scripts a photo that is too large is refused before it is sent, and what was typed stays.
    (tmp_path / "large.jpg").write_bytes(b"\xff\xd8" + b"\0" * (17 * 1024 * 1024))
    held: list[Route] = []
    trainer.page.route("**/filesize.js", lambda route: held.append(route))
    trainer.open("/courses/employee-path/m10/m10-l1")
    with trainer.page.expect_request("**/filesize.js"):
        trainer.page.get_by_role("link", name="Hand it in").click()
    trainer.page.get_by_label("What you did and found").fill("Valve 4 is tight.")
    assert trainer.page.locator(".field-error").count() == 0, "nothing is wrong yet"
    trainer.page.get_by_label("Photo", exact=True).set_input_files(tmp_path / "large.jpg")
    for route in held:  # the script comes after the photo
        route.continue_()
    trainer.page.get_by_text("This photo is larger than 8 MB.").wait_for()
    look(trainer)
    trainer.page.get_by_role("button", name="Hand it in").click()
    assert trainer.page.get_by_label("What you did and found").input_value() == "Valve 4 is tight."
    trainer.page.get_by_label("Photo", exact=True).set_input_files(tmp_path / "IMG_1.jpg")
    trainer.page.get_by_role("button", name="Hand it in").click()
    trainer.page.get_by_role("heading", name="Have it confirmed on the spot").wait_for()
    # To whom the code does not belong, it opens nothing.
    manager = visit(expect_status=(404,))
    manager.sign_in("manager")
    manager.open(path)
    manager.page.get_by_role("heading", name="This page is not here").wait_for()
