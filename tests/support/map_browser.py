"""What tests ask of a map's page that is open in a browser; ``page`` is Playwright's."""

import pytest

NOTED = """
    window.noted = [];
    document.addEventListener("securitypolicyviolation", (event) => {
        noted.push(`${event.violatedDirective}: ${event.blockedURI}`);
    });
    window.alert = (text) => noted.push(`alert ${text}`);
"""


def wait(page, expression):
    """Until ``expression`` holds. (Playwright's own waiting uses eval, which the page forbids.)"""
    for _ in range(400):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(25)
    raise AssertionError(f"never came true: {expression}")


def position(page, word):
    place = page.evaluate("word => fastw2vMap.position(word)", word)
    return place["x"], place["y"]


def chosen(page):
    return page.evaluate("fastw2vMap.chosen()")


def shown_neighbours(page):
    """Words and cosines in the panel."""
    rows = page.locator(".neighbours button").all()
    return [
        (row.locator("b").inner_text(), float(row.locator("span").inner_text())) for row in rows
    ]


def settled(page):
    """Wait until what was asked for is drawn."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def linked(page, word, others):
    """Those of the others with the colour of links halfway between ``word`` and them."""
    return page.evaluate(
        """([word, others]) => {
        const canvas = document.getElementById("map"), frame = canvas.getBoundingClientRect();
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        const isRed = (x, y) => {
            const at = 4 * (y * canvas.width + x);
            return data[at + 3] > 50 && data[at] - data[at + 1] > 60;
        };
        const from = fastw2vMap.position(word);
        return others.filter((other) => {
            const to = fastw2vMap.position(other);
            const x = Math.round((from.x + to.x) / 2 - frame.left);
            const y = Math.round((from.y + to.y) / 2 - frame.top);
            const near = [-1, 0, 1];
            return near.some((across) => near.some((down) => isRed(x + across, y + down)));
        });
    }""",
        [word, others],
    )


def picture(page):
    """What is on the canvas, once all that was asked for is drawn."""
    settled(page)
    return page.evaluate("document.getElementById('map').toDataURL()")


def expected_neighbours(vectors, word, n=10):
    return [(near, pytest.approx(cosine, abs=6e-4)) for near, cosine in vectors.similar(word, n)]


def labelled(page):
    return [box["word"] for box in page.evaluate("fastw2vMap.labels()")]


def free_word(page):
    """A word in view whose dot is apart from the others'."""
    return page.evaluate("""() => {
        const { left, top, right, bottom } = document.getElementById("map").getBoundingClientRect();
        const places = fastw2vMap.words.map((word) => fastw2vMap.position(word));
        return fastw2vMap.words.find((word, number) => {
            const { x, y } = places[number];
            if (x < left + 9 || x > right - 70 || y < top + 9 || y > bottom - 40) return false;
            return /^word/.test(word) && places.every((other, place) => place === number
                || Math.hypot(other.x - x, other.y - y) > 4);
        });
    }""")
