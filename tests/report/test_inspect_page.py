"""The inspector's page: whole, private, harmless, and good on screen, by keyboard and on paper, in a real browser."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from browser import CONTRAST, Browser, browser
from click.testing import CliRunner, Result
from folders import X12
from lxml import html
from x12_maker import file_of, texts, whole_set

from edi.cli.main import cli

BROKEN = X12 / "broken" / "medical-leftovers.837"
VALID = X12 / "valid" / "dependants.837"


def run(*args: object) -> Result:
    return CliRunner().invoke(cli, [str(each) for each in args])


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "page.html"


def inspected(file: Path, out: Path, *options: str) -> Any:
    run("inspect", file, "--html", out, *options)
    return html.fromstring(out.read_bytes())


def faulty(folder: Path, claims: int = 1) -> Path:
    """Each claim has faults, of both kinds: a wrong element and a missing segment."""
    sets = texts(whole_set(full=False))
    sets = [each.replace("*11:B:1*", "*11:B:9*") for each in sets if not each.startswith("DTP*472")]
    file = folder / "faulty.837"
    file.write_bytes(file_of(*[sets] * claims))
    return file


def test_the_page_is_private_and_whole(out: Path) -> None:
    done = run("inspect", VALID, "--html", out)
    assert (done.exit_code, done.output) == (0, f"{out}\n")
    assert out.stat().st_mode & 0o777 == 0o600
    assert out.read_text().endswith("</html>\n")
    assert [each.name for each in out.parent.iterdir()] == ["page.html"]
    again = run("inspect", BROKEN, "--html", out)
    assert (again.exit_code, out.read_text().count("medical-leftovers")) == (1, 1)


def test_the_file_itself_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "claims.837"
    file.write_bytes(VALID.read_bytes())
    done = run("inspect", file, "--html", file)
    assert (done.exit_code, file.read_bytes()) == (2, VALID.read_bytes())
    assert "overwrite the file itself" in done.output


def test_a_page_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run("inspect", VALID, "--html", tmp_path / "file" / "page.html")
    assert done.exit_code == 2
    assert done.stderr.startswith("edi: ")
    assert "cannot be written" in done.stderr


def test_nothing_comes_from_elsewhere(out: Path) -> None:
    page = inspected(BROKEN, out)
    text = out.read_text()
    assert not page.xpath("//script | //link | //img | //iframe | //object | //form | //@style | //@src")
    assert not re.search(r"https?:|url\(|@import|javascript:", text)
    assert "default-src 'none'" in page.xpath("//meta[@http-equiv]/@content")[0]


def test_every_link_leads_to_its_place(out: Path, tmp_path: Path) -> None:
    for page in (inspected(faulty(tmp_path), out), marked(faulty(tmp_path), BROKEN, VALID)):
        names = Counter(page.xpath("//@id"))
        assert max(names.values()) == 1
        links = page.xpath("//a/@href")
        assert len(page.xpath("//nav//a")) >= 6
        assert {link.removeprefix("#") for link in links} <= names.keys()
        assert {each for link in page.xpath("//@aria-labelledby") for each in link.split()} <= names.keys()


def test_landmarks_and_headings(out: Path) -> None:
    page = inspected(BROKEN, out)
    assert len(page.xpath("//main")) == len(page.xpath("//h1")) == len(page.xpath("//body/header")) == 1
    levels = [int(each.tag[1]) for each in page.xpath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert page.xpath("string(/html/@lang)") == "en"


def test_findings_stand_at_their_elements(out: Path) -> None:
    page = inspected(BROKEN, out)
    (row,) = page.xpath("//tr[th='REF01' and @class='error']")
    assert row.xpath("string(td[2])") == "EA"
    assert "expected 4N" in row.getnext().text_content()


def marked(*files: Path) -> Any:
    done = run("validate", "--format", "html", *files)
    assert done.exit_code == 1
    return html.fromstring(done.stdout_bytes)


def test_validate_marks_up_the_files() -> None:
    page = marked(X12 / "broken" / "dot-in-diagnosis.837", VALID)
    assert page.xpath("//mark/text()") == ["S02.5XXA"]
    line = page.xpath("//mark/ancestor::code")[0]
    assert line.text_content() == "HI*ABK:K041*ABF:S02.5XXA"
    segments = [each.text_content() for each in page.xpath("//article[2]//code")]
    assert segments == [each for each in VALID.read_text().split("~\n") if each]
    assert not page.xpath("//table")


def test_validate_as_a_page_keeps_to_its_options(tmp_path: Path) -> None:
    assert run("validate", "--format", "html", "--quiet", BROKEN).output == ""
    done = run("validate", "--format", "html", "--max-findings", "1", faulty(tmp_path), tmp_path / "none")
    assert (done.exit_code, done.stderr) == (
        2,
        f"edi: {tmp_path / 'none'} cannot be read: No such file or directory.\n",
    )
    page = html.fromstring(done.stdout_bytes)
    assert len(page.xpath("//nav//li")) == len(page.xpath("//div[contains(@class, 'finding')]")) == 1
    errors = int(page.xpath("string(//dl/div[dt='Errors']/dd)"))
    assert errors > 4
    assert f"Findings counted and not shown: {errors - 1}." in page.text_content()
    assert page.xpath("string(//article[2]//h2)") == str(tmp_path / "none")
    assert "No such file or directory" in page.xpath("string(//article[2])")


def test_only_a_part_has_only_its_findings(out: Path, tmp_path: Path) -> None:
    page = inspected(faulty(tmp_path), out, "--loop", "1000A")
    assert not page.xpath("//nav//li")
    assert "Only a part of the file is shown" in page.text_content()
    assert page.xpath("//details//td[@class='name']/text()")[0] == "Entity"


def test_memory_does_not_grow_with_the_page(out: Path, tmp_path: Path) -> None:
    import tracemalloc

    def peak(claims: int) -> tuple[int, int]:
        """The octets in memory at most, and those of the page."""
        file = faulty(tmp_path, claims)
        tracemalloc.start()
        run("inspect", file, "--html", out)
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top, out.stat().st_size

    peak(1)
    small, short = peak(40)
    large, long = peak(200)
    assert long > 4 * short
    assert large - small < (long - short) / 2  # the findings are kept, for the list of all on top of the page


EVIL = "<SCRIPT>ALERT(1)</SCRIPT><IMG SRC=X ONERROR=ALERT(2)>&AMP;\"'"


def evil(folder: Path) -> Path:
    file = folder / "evil.837"
    text = VALID.read_text().replace("77 LARCH AVE", EVIL).replace("N4*COL", f"{EVIL}*COL", 1)
    file.write_text(text.replace("000000001", "<B>", 1).replace("*MARSH*", "*\x00\x1b[2J*"))
    return file


def test_what_a_file_holds_is_text_and_nothing_else(out: Path, tmp_path: Path) -> None:
    for page in (inspected(evil(tmp_path), out), marked(evil(tmp_path))):
        assert not page.xpath("//script | //img | //b")
        assert EVIL in page.text_content()
        assert not set(page.text_content()) & {"\x00", "\x1b"}


# In a browser


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def test_it_opens_without_complaint(window: Browser, out: Path, tmp_path: Path) -> None:
    inspected(evil(tmp_path), out)
    window.open(out)
    assert window.complaints() == []
    assert window.run("return document.scripts.length") == 0
    assert window.run("return document.documentElement.scrollWidth <= innerWidth")


IN_VIEW = """
const box = document.querySelector(':target').getBoundingClientRect();
return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight
"""


def test_by_keyboard_from_the_list_to_the_place_and_back(window: Browser, out: Path, tmp_path: Path) -> None:
    """More claims than are unfolded at once: the place opens when a link leads there."""
    inspected(faulty(tmp_path, 12), out)
    window.open(out)
    assert window.run("return document.querySelectorAll('details:not([open])').length") == 48
    window.press("Tab")
    assert window.run("return document.activeElement.className") == "skip"
    assert window.run("return document.activeElement.getBoundingClientRect().left >= 0")
    window.press("Tab", "Enter")
    first = window.run("return location.hash")
    assert first == "#f1-1"
    assert window.run(IN_VIEW)
    window.press("Tab", "Enter")
    assert window.run("return location.hash") == "#l1-1"
    assert window.run(IN_VIEW)


def test_by_keyboard_a_loop_folds(window: Browser, out: Path) -> None:
    inspected(VALID, out)
    window.open(out)
    window.press("Tab", "Enter", "Tab")  # past the list, to the first loop
    assert window.run("return document.activeElement.tagName") == "SUMMARY"
    outline = "return getComputedStyle(document.activeElement).outlineStyle"
    assert window.run(outline) == "solid"
    folded = "return [...document.querySelectorAll('table')].some(each => each.checkVisibility())"
    assert window.run(folded) is True
    window.press("Enter")
    assert window.run(folded) is False
    window.press("Enter")
    assert window.run(folded) is True


def test_on_paper_everything_is_unfolded(window: Browser, out: Path) -> None:
    inspected(VALID, out)
    window.open(out)
    sheets = window.pages()
    window.run("document.querySelectorAll('details').forEach(each => each.open = false)")
    assert window.pages() == sheets > 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(scheme: str, window: Browser, out: Path, tmp_path: Path) -> None:
    """WCAG 2.2 AA: 4.5 to 1 for text, in either scheme, also in marked-up lines and covered values."""
    inspected(faulty(tmp_path), out, "--mask")
    lines = tmp_path / "lines.html"
    lines.write_bytes(
        run(
            "validate", "--format", "html", faulty(tmp_path), X12 / "broken" / "as-others-write-it.837"
        ).stdout_bytes
    )
    for page in (out, lines):
        window.open(page)
        window.media(prefers_color_scheme=scheme)
        found = window.run(CONTRAST)
        window.media()
        assert len(found) > 8
        assert {name: ratio for name, ratio in found.items() if ratio < 4.5} == {}
