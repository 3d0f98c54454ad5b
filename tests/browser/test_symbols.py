"""Symbols never hide the colours of the map: single estates where few are in view, else figures for some zones."""

import pytest

from tests.browser.test_situation import open_map

pytestmark = pytest.mark.browser

COVERED = """async () => {
    const drawn = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const {base} = map.gmSheets, {paint} = GM, {marks} = paint;
    const grab = async () => {
        GM.emit("paint", paint);
        await drawn();
        base._draw();
        const size = map.getSize(), {width, height} = base._container;
        return base._pen.getImageData((width - size.x) / 2, (height - size.y) / 2, size.x, size.y).data;
    };
    const one = await grab();
    paint.marks = [];
    const other = await grab();
    paint.marks = marks;
    await grab();
    let changed = 0;
    for (let i = 0; i < one.length; i += 4) changed += [0, 1, 2].some(k => one[i + k] !== other[i + k]);
    return changed / (one.length / 4);
}"""
"""The share of the map that changes where nothing is marked."""
SHOWN = "[map.gmSymbols.level && map.gmSymbols.level.name, map.gmSymbols.count]"


@pytest.fixture(scope="module")
def crowd(browser, server):
    """Return the frame of a map on which all estates are short of people: more than may stand one by one."""
    from tests.browser.signing import let_in

    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    frame = open_map(let_in(context.new_page()), f"{server}/?level=communities")
    frame.evaluate(
        "GM.paint.marks = [...GM.paint.levels.estates.cls].map((_, i) => [i, 3]); GM.emit('paint', GM.paint)"
    )
    frame.wait_for_function("map.gmSymbols.count > 200")
    yield frame
    context.close()


def test_where_many_are_in_view_they_are_counted_by_zone_and_the_colours_stay_free(crowd):
    crowd.wait_for_function("map.gmSymbols.level?.name === 'communities'")
    assert 0 < crowd.evaluate(COVERED) < 0.01
    row = crowd.locator(".gm-legend .gm-row").last
    assert "各社区缺人杂居小区数" in row.inner_text()
    assert str(crowd.evaluate("GM.paint.marks.length")) in row.inner_text()


def test_where_few_are_in_view_each_stands_for_itself(crowd):
    place = crowd.evaluate("[map.getCenter().lat, map.getCenter().lng, map.getZoom()]")
    spot = "map.gmZones.levels.find(l => l.name === 'estates').shapes.anchor(5)"
    crowd.evaluate(f"map.setView({spot}, 16, {{animate: false}})")
    crowd.wait_for_function("map.gmSymbols.level === null && map.gmSymbols.count > 200")
    assert "缺人的杂居小区" in crowd.locator(".gm-legend .gm-row").last.inner_text()
    crowd.evaluate("([lat, lng, zoom]) => map.setView([lat, lng], zoom, {animate: false})", place)
    crowd.wait_for_function("map.gmSymbols.level?.name === 'communities'")


def test_the_symbols_of_the_demo_are_single_and_few(page, server):
    frame = open_map(page, server)
    frame.wait_for_function("map.gmSymbols.count > 0 && map.gmSymbols.level === null")
    level, count = frame.evaluate(SHOWN)
    assert (level, count) == (None, frame.evaluate("GM.paint.marks.length"))
    assert count <= 200


CHOICES = """([n, area]) => {
    const spots = i => [0, 12, -12].map(down => [20 * i, 100 + down, 20 * i + 24, 112 + down]);
    const figures = Array.from({length: n}, (_, i) => ({i, count: (i * 7919) % 997, spots: spots(i)}));
    return GM.symbols.choose(figures, [[0, 0, 400, 200]], area).map(({i, count, spot}) => ({i, count, spot}));
}"""


def test_figures_are_written_for_the_highest_that_fit_until_their_share_is_covered(crowd):
    area = 600_000
    chosen = crowd.evaluate(CHOICES, [400, area])
    boxes = [one["spot"] for one in chosen]
    assert sum((east - west) * (south - north) for west, north, east, south in boxes) <= 0.008 * area
    assert len(chosen) == 16
    assert all(box[0] >= 400 for box in boxes)
    assert [one["count"] for one in chosen] == sorted((one["count"] for one in chosen), reverse=True)
    for k, one in enumerate(boxes):
        for other in boxes[:k]:
            assert one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]


@pytest.mark.parametrize(("count", "are_few"), [(0, True), (200, True), (201, False), (22_147, False)])
def test_two_hundred_may_stand_one_by_one(crowd, count, are_few):
    assert crowd.evaluate(f"GM.symbols.areFew({count})") is are_few


def test_legend_and_symbols_are_of_the_area_in_bold(page, server):
    frame = open_map(page, server)
    codes = frame.evaluate(
        "(async () => (await map.gmZones.open(map.gmZones.levels.find(l => l.name === 'communities'))).zones.codes)()"
    )
    frame = open_map(page, f"{server}/?zone=communities:{codes[0]}&level=grids")
    frame.wait_for_function("GM.inside('grids')?.size > 0")
    inside = frame.evaluate("[...GM.inside('grids')].map(i => GM.paint.levels.grids.cls[i])")
    counts = [int(text) for text in frame.locator(".gm-legend .gm-row:not(:has(.gm-mark)) b").all_inner_texts()]
    assert sum(counts) == len(inside) < len(frame.evaluate("GM.paint.levels.grids.cls"))
    weak = frame.evaluate("[...GM.inside('grids')].filter(i => '0123'.includes(GM.paint.levels.grids.cls[i])).length")
    assert page.locator(".gm-tile").nth(1).locator(".gm-value").inner_text().startswith(str(weak))
