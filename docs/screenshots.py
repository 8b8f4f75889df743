"""Walk from a stranger's sign-up to a reviewed product in a browser, and take the pictures of the guides.

`make screenshots` takes those of docs/img. `python -m docs.screenshots FOLDER` takes every page on the way,
at all widths, light and dark. The server, the demo shop and the mails are its own and temporary.
"""

import contextlib
import io
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect, sync_playwright

from tests.services import CHROMIUM_ARGUMENTS, find_chromium

ROOT = Path(__file__).resolve().parent.parent
GUIDES = ROOT / "docs" / "img"
PHOTOS = ROOT / "demo" / "photos"
WIDTHS = [360, 768, 1280, 1920]
PATIENCE = 30_000  # milliseconds
TALLEST, MARGIN = 1500, 24  # pixels of a picture in a guide
PASSWORD = "a-long-kettle-42"
ADDRESS = "ines@example.com"
ABOUT = """I throw small runs of stoneware in a shed behind the house, fired with wood from the orchard.

- nothing is made twice
- everything goes into the dishwasher"""
DESCRIPTION = """A jug for a pint of milk, or for a handful of garden flowers.

**Pours without a drip.** The lip is pulled by hand while the clay is soft; the handle takes three fingers.

- holds 600 ml
- safe in dishwasher and oven"""
# What is shown in the guides, and by which part of the page.
SHOWN = {
    "apply": "sell-apply",
    "product-form": "sell-form",
    "dashboard": "sell-dashboard",
    "reply": "sell-reply",
    "admin-home": "staff-home",
    "admin-edit": "staff-compare",
    "admin-reviews": "staff-reviews",
}


def main():
    everything = Path(sys.argv[1]) if sys.argv[1:] else None
    expect.set_options(timeout=PATIENCE)
    with tempfile.TemporaryDirectory() as name, started(Path(name)) as shop, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
        Walk(browser, shop, Camera(everything)).go()
        browser.close()


class Shop:
    """A server of its own, with the demo shop and a folder that receives its mails."""

    def __init__(self, folder):
        self.mails = folder / "mails"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "DEBUG": "1",
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "MEDIA_ROOT": f"{folder}/media",
            "PRIVATE_ROOT": f"{folder}/private",
            "EMAIL_URL": f"filemail:///{self.mails}",
        }

    def manage(self, *arguments):
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def wait(self):
        while True:
            with contextlib.suppress(OSError):
                return urllib.request.urlopen(f"{self.url}/readyz", timeout=5).close()
            time.sleep(0.1)

    def newest_mail(self):
        return max(self.mails.iterdir(), key=lambda file: file.stat().st_mtime_ns).read_text()


@contextlib.contextmanager
def started(folder):
    shop = Shop(folder)
    for command in (["migrate"], ["loaddemo", "--password", PASSWORD]):
        if shop.manage(*command).wait():
            raise SystemExit(f"{command[0]} failed.")
    server = shop.manage("runserver", "--noreload", f"127.0.0.1:{shop.port}")
    try:
        shop.wait()
        yield shop
    finally:
        server.terminate()
        server.wait()


class Camera:
    """Takes what the guides show, or everything into a folder at all widths and in both schemes."""

    def __init__(self, folder):
        self.folder, self.count = folder, 0

    def take(self, page, name, part=None):
        page.wait_for_load_state("networkidle")
        self.count += 1
        if self.folder:
            self._take_all(page, f"{self.count:02}-{name}")
        elif name in SHOWN:
            page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
            # What the admin is about has room around it; the rest gets some.
            margin = 0 if part == "#content" else MARGIN
            clip = with_margin(page.locator(part).bounding_box(), margin)
            picture = page.screenshot(animations="disabled", full_page=True, clip=clip)
            Image.open(io.BytesIO(picture)).save(GUIDES / f"{SHOWN[name]}.webp", quality=80, method=6)

    def _take_all(self, page, name):
        self.folder.mkdir(parents=True, exist_ok=True)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                hangs_over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                if hangs_over > 0:
                    print(f"{name} hangs {hangs_over} px over the side at {width} px")
                picture = self.folder / f"{name}-{width}-{scheme}.png"
                page.screenshot(path=picture, full_page=True, animations="disabled")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1280, "height": 800})


def with_margin(box, margin):
    """Return a part of a page with some of what is around it, and not too tall."""
    left, top = max(0, box["x"] - margin), max(0, box["y"] - margin)
    right, bottom = box["x"] + box["width"] + margin, box["y"] + box["height"] + margin
    return {"x": left, "y": top, "width": right - left, "height": min(bottom - top, TALLEST)}


class Walk:
    """Three people in three browsers: one who wants to sell, one of the staff, one who buys."""

    def __init__(self, browser, shop, camera):
        self.browser, self.shop, self.camera = browser, shop, camera
        self.seller, self.staff, self.shopper = (self.open() for _ in range(3))

    def open(self):
        context = self.browser.new_context(
            base_url=self.shop.url, viewport={"width": 1280, "height": 800}, reduced_motion="reduce"
        )
        page = context.new_page()
        page.on("response", lambda response: response.status >= 400 and print(response.status, response.url))
        page.on("requestfailed", lambda request: print(request.failure, request.method, request.url))
        page.on("pageerror", lambda error: print(error))
        return page

    def go(self):
        self.sign_up()
        self.apply()
        self.open_the_shop()
        self.make_a_product()
        self.approve_the_product()
        self.find_and_review()
        self.reply()
        self.look_around()

    def sign_up(self):
        page = self.seller
        page.goto("/accounts/signup/")
        self.camera.take(page, "sign-up")
        page.get_by_label("Your name").fill("Inês")
        page.get_by_label("Email").fill(ADDRESS)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Create account").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
        self.camera.take(page, "code")
        code = re.search(r"^[A-Z]{4}-[A-Z]{4}$", self.shop.newest_mail(), re.MULTILINE)
        page.get_by_label("Code").fill(code.group())
        page.get_by_role("button", name="Confirm").click()
        page.wait_for_url("**/accounts/")
        self.camera.take(page, "account")

    def apply(self):
        page = self.seller
        page.get_by_label("Your account").get_by_role("link", name="Sell on Ingle").click()
        page.get_by_label("Shop name").fill("Orchard Kiln")
        page.get_by_label("What you make").fill("Wood-fired stoneware")
        page.get_by_label("Where you make it").fill("Monchique")
        page.get_by_label("About you and your work").fill(ABOUT)
        self.camera.take(page, "apply", "main")
        page.get_by_label("Shop name").fill("Tarn & Tallow")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text("Another shop has this name")).to_be_visible()
        self.camera.take(page, "apply-mistakes")
        page.get_by_label("Shop name").fill("Orchard Kiln")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your application waits")
        self.camera.take(page, "application")

    def open_the_shop(self):
        page = self.staff
        sign_in(page, "staff@ingle.example", "/admin/")
        self.camera.take(page, "admin-home", ".waiting")
        page.get_by_role("link", name="seller application").click()
        self.camera.take(page, "admin-applications")
        page.get_by_role("link", name="Orchard Kiln").click()
        self.camera.take(page, "admin-application")
        page.get_by_label("Approve: open the shop").check()
        page.get_by_role("button", name="Save", exact=True).click()
        assert "Your shop is open" in self.shop.newest_mail()

    def make_a_product(self):
        page = self.seller
        page.reload()
        self.camera.take(page, "shop-is-open")
        page.goto("/sell/")
        self.camera.take(page, "dashboard-empty")
        page.goto("/sell/products/")
        self.camera.take(page, "products-empty")
        page.get_by_role("link", name="Add your first product").click()
        self.camera.take(page, "product-form-empty")
        self.fill_in(page)
        page.get_by_role("button", name="Show how it reads").click()
        expect(page.locator("#markdown strong")).to_be_visible()
        self.camera.take(page, "product-form", ".selling")
        page.get_by_label("Title").fill("")
        page.get_by_role("button", name="Send for approval").click()
        expect(page.get_by_role("link", name="What is it called?")).to_be_visible()
        self.camera.take(page, "product-form-mistakes")
        page.get_by_label("Title").fill("Morning jug")
        with page.context.expect_page() as other:
            page.get_by_role("button", name="Preview").click()
        self.camera.take(other.value, "preview")
        other.value.close()
        page.get_by_role("button", name="Send for approval").click()
        expect(page.get_by_text("Sent for approval.")).to_be_visible()
        self.camera.take(page, "product-sent")

    def fill_in(self, page):
        page.get_by_label("Title").fill("Morning jug")
        page.get_by_label("Category", exact=True).select_option(label="Tableware › Serving")
        page.get_by_label("Add photos").set_input_files([PHOTOS / "pour-jug.jpg", PHOTOS / "pour-jug-2.jpg"])
        expect(page.locator(".photo")).to_have_count(2)
        page.get_by_label("What it shows").first.fill("A small jug with a pulled lip, from the side")
        page.get_by_label("What it shows").last.fill("The jug from above, into its glaze")
        page.get_by_label("Option 1").fill("Size")
        page.get_by_label("Option 1").press("Tab")
        page.get_by_label("Size, row 1").fill("One pint")
        page.get_by_label("Price, row 1", exact=True).fill("38")
        page.get_by_role("button", name="Copy this row").click()
        page.get_by_label("Size, row 2").fill("Two pints")
        page.get_by_label("Price, row 2", exact=True).fill("54")
        page.get_by_label("In stock, row 2").fill("4")
        page.get_by_label("Description").fill(DESCRIPTION)
        page.get_by_label("Name of detail 1").fill("Material")
        page.get_by_label("Value of detail 1").fill("Stoneware, ash glaze")

    def approve_the_product(self):
        page = self.staff
        page.goto("/admin/")
        page.get_by_role("link", name="product change").click()
        self.camera.take(page, "admin-edits")
        page.get_by_role("link", name="Tidal belly vase, tall").click()
        self.camera.take(page, "admin-edit", "#content")
        page.goto("/admin/selling/edit/")
        page.get_by_role("link", name="Morning jug").click()
        self.camera.take(page, "admin-new-product")
        page.get_by_role("button", name="Approve").click()
        expect(page.get_by_text("Morning jug is approved.")).to_be_visible()
        assert "is approved" in self.shop.newest_mail()

    def find_and_review(self):
        page = self.shopper
        page.goto("/products/?q=morning+jug")
        self.camera.take(page, "found")
        page.get_by_role("link", name="Morning jug", exact=True).click()
        self.camera.take(page, "product")
        sign_in(page, "shopper@ingle.example", "/products/morning-jug/")
        page.wait_for_load_state("networkidle")
        page.get_by_text("Write a review").click()
        page.get_by_role("button", name="Send the review").click()
        expect(page.get_by_text("Choose from one to five stars.")).to_be_visible()
        expect(page.get_by_role("alert")).to_be_focused()
        self.camera.take(page, "review-mistakes")
        page.get_by_role("radio", name="4 stars: Good").press("Space")
        page.get_by_label("Headline").fill("Not a drip")
        page.get_by_label("Your review", exact=True).fill("Pours cleanly, and sits well in the hand.")
        self.camera.take(page, "review-form")
        page.get_by_role("button", name="Send the review").click()
        expect(page.get_by_text("Thank you. Your review is on the page.")).to_be_visible()
        self.camera.take(page, "reviewed")
        self.write_spam()
        page.goto("/me/reviews/")
        self.camera.take(page, "my-reviews")

    def write_spam(self):
        page = self.seller
        page.goto("/me/products/meadow-cushion/review/")
        page.get_by_role("radio", name="5 stars: Excellent").press("Space")
        page.get_by_label("Headline").fill("BEST PRICES EVER")
        page.get_by_label("Your review", exact=True).fill("See https://cushions.example and www.more.example")
        page.get_by_role("button", name="Send the review").click()
        expect(page.get_by_text("Thank you. Your review is on the page.")).to_be_visible()

    def reply(self):
        page = self.seller
        page.goto("/sell/reviews/")
        self.camera.take(page, "seller-reviews")
        page.get_by_role("link", name="Reply", exact=True).first.click()
        page.get_by_label("Your reply").fill("Thank you! The lip is what takes longest.")
        self.camera.take(page, "reply", "main")
        page.get_by_role("button", name="Send the reply").click()
        expect(page.get_by_text("Thank you! The lip is what takes longest.")).to_be_visible()
        self.shopper.goto("/products/morning-jug/")
        expect(self.shopper.get_by_text("Thank you! The lip is what takes longest.")).to_be_visible()
        self.camera.take(self.shopper, "replied")

    def look_around(self):
        """What is beside the way: the pages of a shop that has been there for a while, and of the account."""
        page = self.seller
        for name in ("email", "password/change", "2fa", "sessions", "close"):
            page.goto(f"/accounts/{name}/")
            self.camera.take(page, f"account-{name.partition('/')[0]}")
        page = self.open()
        sign_in(page, "kilnhaugh-pottery@ingle.example", "/sell/")
        self.camera.take(page, "dashboard", ".selling")
        for name in ("products", "import", "reviews"):
            page.goto(f"/sell/{name}/")
            self.camera.take(page, f"maker-{name}")
        page = self.staff
        for name in ("catalogue/product", "reviews/review", "sellers/seller"):
            page.goto(f"/admin/{name}/")
            self.camera.take(page, f"admin-{name.partition('/')[2]}s", "#content")


def sign_in(page, address, then):
    page.goto(f"/accounts/login/?next={then}")
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/login/" not in url)


if __name__ == "__main__":
    main()
