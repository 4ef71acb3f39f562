"""Licences: the names that sources use, and what must be said of an image."""

from __future__ import annotations

import pytest

from starlike.errors import CollectError
from starlike.web import licences
from starlike.web.licences import CODES, UNKNOWN, Licence


@pytest.mark.parametrize(
    ("name", "code", "label"),
    [
        ("CC BY-SA 4.0", "cc-by-sa", "CC BY-SA 4.0"),
        ("CC-BY-SA-3.0", "cc-by-sa", "CC BY-SA 3.0"),
        ("CC BY-SA 3.0 de", "cc-by-sa", "CC BY-SA 3.0 de"),
        ("CC BY-SA 3.0 igo", "cc-by-sa", "CC BY-SA 3.0 igo"),
        ("cc-by-2.1-jp", "cc-by", "CC BY 2.1 jp"),
        ("cc-by-sa-3.0-migrated", "cc-by-sa", "CC BY-SA 3.0"),
        ("cc-by-sa-3.0,2.5,2.0,1.0", "cc-by-sa", "CC BY-SA 3.0"),
        ("Creative Commons Attribution-Share Alike 3.0", "cc-by-sa", "CC BY-SA 3.0"),
        ("Creative Commons Attribution-NonCommercial 2.0", "cc-by-nc", "CC BY-NC 2.0"),
        ("CC BY-ND-NC 1.0", "cc-by-nc-nd", "CC BY-NC-ND 1.0"),
        ("by", "cc-by", "CC BY"),
        ("by-sa 2.0", "cc-by-sa", "CC BY-SA 2.0"),
        ("by-nd 2.0", "cc-by-nd", "CC BY-ND 2.0"),
        ("by-nc-sa 2.0", "cc-by-nc-sa", "CC BY-NC-SA 2.0"),
        ("by-nc-nd 4.0", "cc-by-nc-nd", "CC BY-NC-ND 4.0"),
        ("CC0", "cc0", "CC0"),
        ("cc0 1.0", "cc0", "CC0"),
        ("Cc-zero", "cc0", "CC0"),
        ("Creative Commons Zero, Public Domain Dedication", "cc0", "CC0"),
        ("Public domain", "pd", "Public domain"),
        ("pd", "pd", "Public domain"),
        ("PD-USGov", "pd", "Public domain"),
        ("pdm 1.0", "pd", "Public Domain Mark 1.0"),
        ("No restrictions", "pd", "No restrictions"),
        ("GFDL", "gfdl", "GFDL"),
        ("gfdl 1.2", "gfdl", "GFDL 1.2"),
        ("FAL", "fal", "Free Art License"),
        ("Attribution", "other", "Attribution"),
        ("Copyrighted free use", "other", "Copyrighted free use"),
        ("sampling+ 1.0", "other", "Sampling+ 1.0"),
        ("CC BY Non Commercial 2.0", "cc-by-nc", "CC BY-NC 2.0"),
        ("CC BY-NCSA 2.0", "other", "CC BY-NCSA 2.0"),
        ("CC BY 4.0, not for sale", "other", "CC BY 4.0, not for sale"),
        ("by-sa-nd 3.0", "other", "CC BY-ND-SA"),
        ("by John Doe", "other", "By John Doe"),
        ("falcon", "other", "Falcon"),
        ("   ", "unknown", "rights: unknown"),
        ("unknown", "unknown", "rights: unknown"),
    ],
)
def test_every_spelling_leads_to_one_code(name: str, code: str, label: str) -> None:
    licence = licences.parse(name)
    assert (licence.code, licence.label) == (code, label)
    assert licence.code in CODES


@pytest.mark.parametrize(
    ("name", "given", "url"),
    [
        ("CC BY 3.0 de", None, "https://creativecommons.org/licenses/by/3.0/de/"),
        ("CC BY", None, None),
        ("cc0", None, "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("pdm 1.0", None, "https://creativecommons.org/publicdomain/mark/1.0/"),
        ("CC BY 4.0", "//creativecommons.org/licenses/by/4.0", "https://creativecommons.org/licenses/by/4.0"),
        ("CC BY 4.0", "http://creativecommons.org/licenses/by/4.0", "https://creativecommons.org/licenses/by/4.0"),
        ("GFDL", "http://www.gnu.org/copyleft/fdl.html", "http://www.gnu.org/copyleft/fdl.html"),
        ("GFDL", "javascript:alert(1)", None),
    ],
)  # fmt: skip
def test_the_address_of_the_text_is_kept_or_known(
    name: str, given: str | None, url: str | None
) -> None:
    assert licences.parse(name, given).url == url


@pytest.mark.parametrize(
    ("name", "path", "code", "label"),
    [
        ("", "licenses/by-nc/2.0/", "cc-by-nc", "CC BY-NC 2.0"),
        ("Custom", "licenses/by-sa/3.0/at/deed.en", "cc-by-sa", "CC BY-SA 3.0 at"),
        ("", "publicdomain/zero/1.0/", "cc0", "CC0"),
        ("", "publicdomain/mark/1.0/", "pd", "Public Domain Mark 1.0"),
        ("CC BY-SA", "licenses/by-sa/2.5/", "cc-by-sa", "CC BY-SA 2.5"),
        ("CC BY-SA", "licenses/by/2.5/", "cc-by-sa", "CC BY-SA"),
        ("Odd", "licenses/sampling+/1.0/", "other", "Odd"),
    ],
)
def test_where_the_name_does_not_tell_the_address_does(
    name: str, path: str, code: str, label: str
) -> None:
    licence = licences.parse(name, f"https://creativecommons.org/{path}")
    assert (licence.code, licence.label) == (code, label)


def test_licences_are_asked_for_by_code_and_by_group() -> None:
    assert licences.wanted_codes("cc0, CC-BY") == {"cc0", "cc-by"}
    assert licences.wanted_codes("open") == {"cc0", "pd", "cc-by", "cc-by-sa"}
    assert licences.wanted_codes("open,gfdl") == licences.wanted_codes("open") | {"gfdl"}
    assert licences.wanted_codes("any") == set(CODES)


def test_commercial_use_leaves_out_what_forbids_it_or_tells_nothing() -> None:
    left_out = set(CODES) - licences.wanted_codes("commercial")
    assert left_out == {"cc-by-nc", "cc-by-nc-sa", "cc-by-nc-nd", "other", "unknown"}


@pytest.mark.parametrize(("text", "what"), [("cc0,by", "'by' is not a licence"), (" , ", "no lic")])
def test_what_is_not_known_is_told_with_what_is(text: str, what: str) -> None:
    with pytest.raises(CollectError, match=f"{what}.*cc-by-nc-nd.*commercial"):
        licences.wanted_codes(text)


def test_open_licences_ask_for_the_name_and_the_same_licence_at_most() -> None:
    names = ("CC0", "Public domain", "CC BY 4.0", "CC BY-SA 4.0", "GFDL", "CC BY-NC 4.0", "")
    assert [licences.is_open(licences.parse(name)) for name in names] == [True] * 4 + [False] * 3


def test_the_attribution_names_title_author_licence_and_source() -> None:
    licence = licences.parse("CC BY 4.0")
    page = "https://commons.wikimedia.org/wiki/File:Ann.jpg"
    assert licences.attribution("Ann at\nhome", "Bob  Bo", licence, page) == (
        "“Ann at home” by Bob Bo, CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/), " + page
    )


def test_the_attribution_says_what_is_known() -> None:
    assert licences.attribution(None, None, UNKNOWN, None) == "Image, rights: unknown"
    assert (
        licences.attribution(None, "Bob", Licence("other", "Terms"), None) == "Image by Bob, Terms"
    )
