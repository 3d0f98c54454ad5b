"""What tests of a telephone share: a page of its size, what is too small for a finger, and what is left in English."""

from contextlib import suppress

from tests.browser.signing import enter
from tests.browser.waiting import until

SIZE = {"width": 390, "height": 844}
FINGER = 44
"""Pixels that a finger needs (WCAG 2.2, 2.5.5)."""
AT_REST = '[data-testid="stApp"][data-test-script-state="notRunning"]'
SMALL = """([inside, finger]) => [...document.querySelectorAll(inside)]
  .filter(part => part.checkVisibility()).map(part => [part.textContent.trim(), part.getBoundingClientRect()])
  .filter(([, box]) => box.height < finger - .5 || box.width < finger - .5)
  .map(([words, box]) => `${words}: ${box.width} × ${box.height}`)"""
FOREIGN = """() => {
  const spoken = ["aria-label", "aria-valuetext", "title", "placeholder", "alt"], found = new Set();
  const isForeign = words => /[A-Za-z]{3,}/.test(words.replace(
    /English|gridmuster|demo-[a-z-]+|GeoPackage|GeoJSON|QGIS|XLSX|CSV|PNG|PPTX|PDF|UTC|Enter|Esc|zhang[.]dj/g, ""));
  const isSeen = node =>
    node.checkVisibility({visibilityProperty: true}) && !node.closest("[data-testid=stIconMaterial]");
  for (const name of spoken) for (const node of document.querySelectorAll(`[${name}]`)) {
    if (isSeen(node) && isForeign(node.getAttribute(name))) found.add(`${name}: ${node.getAttribute(name)}`);
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const words = texts.currentNode.data, parent = texts.currentNode.parentElement;
    if (!parent || parent.closest("script, style, noscript, canvas") || !isSeen(parent)) continue;
    if (isForeign(words)) found.add(words.trim());
  }
  return [...found];
}"""


def telephone(browser, address, account, path="orders"):
    """Return a page of the size of a telephone, somebody being signed in, that has come to rest."""
    context = browser.new_context(locale="zh-CN", viewport=SIZE, has_touch=True, is_mobile=True)
    enter(context, address, account)
    page = context.new_page()
    page.goto(f"{address}/{path}")
    page.locator(".st-key-account").wait_for(timeout=30_000)
    rest(page)
    return page


def rest(page):
    """Wait until no run is under way."""
    page.locator(AT_REST).wait_for(timeout=30_000)


def too_small(page, inside):
    """Return what of some buttons and links stays too small for a finger."""
    return _what_stays(page, SMALL, [inside, FINGER])


def foreign(page):
    """Return what stays in English on a Chinese page, to eyes or to screen readers."""
    return _what_stays(page, FOREIGN)


def _what_stays(page, find, arg=None):
    """Return what is found once nothing is, or after ten seconds: a page that was just drawn may still be dressed."""
    with suppress(AssertionError):
        until(page, f"arg => !({find})(arg).length", arg, seconds=10)
    return page.evaluate(find, arg)
