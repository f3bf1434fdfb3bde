"""Seeds: found, decoded, and read as articles."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsbot.articles import MAX_BYTES, SeedFile, headline, read, scan
from newsbot.encoding import decode
from newsbot.errors import SeedError
from newsbot.frontmatter import body_start
from newsbot.models import Article

DUTCH = "De geïnterviewde minister vond het één groot drama. “Zo’n zaak,” zei hij – “kost € 3,50.”\r\nEinde.\r"


def _seed(root: Path, name: str, content: bytes | str) -> SeedFile:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return SeedFile(path, name, path.stat().st_size, path.stat().st_mtime_ns)


def _read(root: Path, name: str, content: bytes | str) -> Article:
    return read(_seed(root, name, content))


# --- finding ----------------------------------------------------------------------------------------------------------


def test_scan_finds_articles_anywhere_sorted_and_names_the_rest(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.MD", "a/b/c.html", "a.htm", ".hidden.txt", ".git/x.txt", "foto.png", "a/notes.docx"):
        _seed(tmp_path, name, "x")
    seeds, skipped = scan(tmp_path)
    assert [seed.source for seed in seeds] == ["a.htm", "a/b/c.html", "a/z.MD", "b.txt"]
    assert [each.source for each in skipped] == ["a/notes.docx", "foto.png"]
    assert all(each.reason.endswith(".") for each in skipped)
    assert (seeds[0].size, seeds[0].path) == (1, tmp_path / "a.htm")


def test_scan_says_what_to_do_without_a_folder(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match="create it"):
        scan(tmp_path / "none")
    with pytest.raises(SeedError, match="create it"):
        scan(_seed(tmp_path, "a.txt", "x").path)


def test_links_are_followed_only_to_what_is_inside_and_hidden(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    root = tmp_path / "seeds"
    _seed(outside, "secret.txt", "x")
    _seed(root, "real.txt", "x")
    _seed(root, "..2025_01/mounted.txt", "x")  # as Kubernetes mounts a volume
    (root / "..data").symlink_to("..2025_01")
    (root / "mounted.txt").symlink_to("..data/mounted.txt")
    for name, target in {
        "loop": root, "self": root / "self", "gone.txt": root / "none.txt", "out.txt": outside / "secret.txt",
        "out": outside, "twice.txt": root / "real.txt",
    }.items():  # fmt: skip
        (root / name).symlink_to(target)
    seeds, skipped = scan(root)
    assert [seed.source for seed in seeds] == ["mounted.txt", "real.txt"]
    reasons = {each.source: each.reason for each in skipped}
    assert sorted(reasons) == ["gone.txt", "loop", "out", "out.txt", "self", "twice.txt"]
    assert all("leads nowhere" in reasons[name] for name in ("gone.txt", "self"))
    assert all("leaves the seeds folder" in reasons[name] for name in ("out", "out.txt"))
    assert all("already holds" in reasons[name] for name in ("loop", "twice.txt"))


def test_scan_survives_odd_names_pipes_and_closed_folders(tmp_path: Path) -> None:
    odd = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    Path(os.fsdecode(odd)).write_bytes(b"Een zin staat hier.")
    os.mkfifo(tmp_path / "pipe.txt")
    seeds, skipped = scan(tmp_path)
    assert [seed.source for seed in seeds] == ["caf\\xe9.txt"]
    assert read(seeds[0]).title == "caf\\xe9"
    assert [each.reason for each in skipped] == ["It is not an ordinary file."]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_closed_folder_and_file_are_named(tmp_path: Path) -> None:
    closed = _seed(tmp_path, "closed/a.txt", "x").path
    (tmp_path / "closed").chmod(0)
    try:
        assert "permission denied" in scan(tmp_path)[1][0].reason
    finally:
        (tmp_path / "closed").chmod(0o700)
    closed.chmod(0)
    with pytest.raises(SeedError, match="permission denied"):
        read(SeedFile(closed, "a.txt", 1, 0))


def test_scan_of_thousands_is_quick(tmp_path: Path) -> None:
    for number in range(2000):
        (tmp_path / f"{number}.txt").touch()
    begun = time.perf_counter()
    assert len(scan(tmp_path)[0]) == 2000
    assert time.perf_counter() - begun < 1


# --- decoding ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "cp1252"],
)
def test_encodings_give_the_same_text_with_its_newlines(encoding: str) -> None:
    assert decode((DUTCH * 5).encode(encoding)) == DUTCH * 5


@pytest.mark.parametrize(("encoding", "text"), [("latin-1", "Zei coördinator José."), ("mac_roman", DUTCH * 9)])
def test_other_western_encodings(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_a_web_page_may_declare_its_encoding() -> None:
    page = "<meta http-equiv='Content-Type' content='text/html; charset=iso-8859-2'><p>Čeština"
    assert decode(page.encode("iso-8859-2"), html=True) == page


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\r\n", "empty"),
        ("\ufeff \u00a0\n".encode(), "no text"),
        (b"---\ntitle: x\n---\n\n", "no text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "binary"),
        (b"tekst met een \0 erin", "binary"),
        (bytes(range(1, 32)) * 20, "binary"),
        (b"\xff\xfe\x00\xd8a", "encoding"),
        ("één café, geïnd\n\n".encode() + b"\xe9\xe9n", "broken character on line 3"),
        (b"a" * (MAX_BYTES + 1), "larger than 10 MB"),
    ],
)
def test_what_is_no_article_is_refused_in_a_sentence(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(SeedError, match=reason) as caught:
        _read(tmp_path, "a.txt", data)
    assert str(caught.value).endswith(".")


def test_a_file_that_vanishes_is_told(tmp_path: Path) -> None:
    seed = _seed(tmp_path, "a.txt", "x")
    seed.path.unlink()
    with pytest.raises(SeedError, match="disappeared"):
        read(seed)
    with pytest.raises(SeedError, match="cannot be read"):
        read(SeedFile(tmp_path, "a.txt", 1, 0))


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.md", "a.html"]))
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes, name: str) -> None:
    try:
        article = _read(tmp_path, name, data)
    except SeedError:
        return
    assert article.text
    assert article.title


@given(st.text(min_size=1))
def test_utf8_is_read_as_it_is(text: str) -> None:
    try:
        assert decode(text.encode()) == text.removeprefix("\ufeff") or "\0" in text
    except SeedError as error:
        assert "binary" in str(error) or "\0" in text


# --- what an article says about itself --------------------------------------------------------------------------------


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_front_matter(tmp_path: Path, newline: str) -> None:
    lines = ["---", 'title: "Meta: de jacht"', "author: [Jan Jansen, Piet]", "url: https://www.krant.nl/a",
             "date: 2025-07-01", "---", "De eerste zin van het artikel staat hier."]  # fmt: skip
    article = _read(tmp_path, "a.txt", "\ufeff" + newline.join(lines))
    assert (article.title, article.author) == ("Meta: de jacht", "Jan Jansen, Piet")
    assert (article.url, article.date, article.language) == ("https://www.krant.nl/a", "2025-07-01", "nl")
    assert article.text == newline.join(lines)
    assert article.text[body_start(article.text) :] == lines[-1]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://x.nl/a", "https://x.nl/a b", "www.x.nl", "[a, b]"])
def test_only_web_addresses_are_kept(tmp_path: Path, url: str) -> None:
    assert _read(tmp_path, "a.md", f"---\nurl: {url}\n---\nEen zin.").url == ""


@pytest.mark.parametrize(
    "yaml",
    ["title: [unclosed", "title: 'a\nb", "a: &a [x, x]\nb: &b [*a, *a]\ntitle: *b", "title: " + "[" * 2000,
     "title: {a: b}", "a: b: c"],
)  # fmt: skip
def test_malformed_front_matter_is_passed_over(tmp_path: Path, yaml: str) -> None:
    article = _read(tmp_path, "naam.txt", f"---\n{yaml}\n---\nHet artikel zelf.")
    assert article.title == "naam"
    assert article.text[body_start(article.text) :] == "Het artikel zelf."


@pytest.mark.parametrize(
    "text", ["---\nEen zin na een streep.\n---\nEn nog een.", "---\n", "--- a: b", "x\n---\na: b\n---\n", "---\na: b\n"]
)
def test_a_rule_is_not_front_matter(text: str) -> None:
    assert body_start(text) == 0


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("a/stuk.txt", "De kop van het verhaal\n\nEen zin.", "De kop van het verhaal"),
        ("a/stuk.txt", "\n\n  Kop: 'Ja'  \r\n\r\nEen zin.", "Kop: 'Ja'"),
        ("a/stuk.txt", "Een zin.\n\nEn nog een.", "stuk"),
        ("a/stuk.txt", "Een regel\nEn nog een.", "stuk"),
        ("a/stuk.txt", "Een kop zonder meer\n\n", "stuk"),
        ("a/stuk.txt", "lang " * 50 + "\n\nEen zin.", "stuk"),
        ("a/stuk.md", "Inleiding.\n\n## De *kop* van [dit](http://x.nl) `stuk` ##\n\nEen zin.", "De kop van dit stuk"),
        ("a/stuk.md", "De kop\n======\n\nEen zin.", "De kop"),
        ("a/stuk.md", "```\n# code\n```\n\nEen zin.", "stuk"),
        ("a/stuk.md", "---\ntitle: !!python/object/apply:os.getcwd x\n---\nZin.", "x"),
        ("a/stuk.md", "---\ntitle: ''\n---\n# Kop\n", "Kop"),
        ("a/stuk.txt", "---\ntitle: 'een\ttwee\\x1b'\n---\nZin.", "een twee\\x1b"),
    ],
)
def test_titles(tmp_path: Path, name: str, text: str, title: str) -> None:
    assert _read(tmp_path, name, text).title == title


def test_headline_gives_offsets() -> None:
    assert headline("  Kop \n\nZin.") == (2, 5)
    assert headline("Zin.") == (0, 0)


def test_digest_follows_the_bytes(tmp_path: Path) -> None:
    digests = {_read(tmp_path, "a.txt", data).digest for data in ("a b c", "\ufeffa b c", "a b d")}
    assert len(digests) == 3


# --- web pages --------------------------------------------------------------------------------------------------------

PAGE = """<?xml version="1.0" encoding="utf-8"?>
<html><head><title>Meta haalt mensen weg — Krant</title><meta name="author" content="Jan Jansen">
<meta property="article:published_time" content="2025-07-01"><link rel="canonical" href="https://www.krant.nl/nieuws/a">
</head><body><nav><a href="/">Voorpagina</a></nav><article><h1>Meta haalt mensen weg</h1>
<p>De eerste alinea heeft genoeg tekst om mee te tellen. "Dit is een citaat," zei hij.</p>
<p>De tweede alinea met <b>vette</b> letters heeft ook genoeg tekst om mee te tellen.</p></article>
<script>alert(1)</script><footer>© 2025</footer></body></html>"""


def test_a_web_page_gives_its_main_text(tmp_path: Path) -> None:
    article = _read(tmp_path, "a.html", PAGE)
    assert article.title == "Meta haalt mensen weg"
    assert 'tellen. "Dit is een citaat," zei hij.\nDe tweede alinea met vette letters' in article.text
    assert not any(word in article.text for word in ("Voorpagina", "alert", "<"))
    assert (article.author, article.date, article.language) == ("Jan Jansen", "2025-07-01", "nl")
    assert article.url == "https://www.krant.nl/nieuws/a"


def test_a_bare_page_gives_what_text_it_has(tmp_path: Path) -> None:
    assert _read(tmp_path, "a.htm", "<p>Een korte zin staat hier.</p>").text == "Een korte zin staat hier."


@pytest.mark.parametrize("page", ["<html></html>", "<script>x</script>", "<p> </p>", "<!-- -->"])
def test_a_page_without_text_is_refused(tmp_path: Path, page: str) -> None:
    with pytest.raises(SeedError, match="No main text"):
        _read(tmp_path, "a.html", page)
