"""What a reader sees of a mail, and no more."""

import time

import pytest

from apps.ingestion.engines.markup import looks_like_html
from apps.ingestion.engines.text import plain_text


@pytest.mark.parametrize(
    "markup",
    [
        "<p>see</p><script>alert('no')</script>",
        "<p>see</p><SCRIPT>no</ScRiPt >",
        "<p>see</p><script>no",
        "<style>no{}</style><p>see</p>",
        "<title>no</title><p>see</p>",
        "<p>see</p><!-- no <p>no</p> -->",
        "<p>see</p><!-- no",
        "<p>see</p><![CDATA[no]]>",
        "<p>see</p><?xml no ?>",
        '<p>see</p><div style="display:none">no</div>',
        '<p>see</p><div style="DISPLAY : none">no<div>no</div>no</div>',
        "<p>see</p><div style='visibility: hidden'>no</div>",
        '<p>see</p><span style="opacity:0">no</span>',
        '<p>see</p><span style="opacity: .01">no</span>',
        '<p>see</p><span style="margin:0;color: transparent">no</span>',
        '<p>see</p><span style="COLOR:RGBA(0, 0, 0, 0)">no</span>',
        '<p>see</p><span style="color:rgb(0 0 0);color:rgba(0 0 0 / 0%)">no</span>',
        '<p>see</p><div style="position:absolute; left:-9999px">no</div>',
        '<p>see</p><div style="text-indent:-10000px">no</div>',
        '<p>see</p><div style="max-height:0px;overflow:hidden">no</div>',
        '<p>see</p><div style="dis&#112;lay:none">no</div>',
        "<p>see</p><div hidden>no</div>",
        "<p>see</p><div class=x hidden=''>no<br>no</div>",
        '<p>see</p><div title=">" hidden>no</div>',
        '<p>see</p><a href="no',
        '<p onclick="no">see</p><img src=x onerror=no()><svg/onload=no()>',
        '<p>see</p><meta http-equiv="refresh" content="0;url=javascript:no()">',
    ],
)
def test_what_is_not_seen_is_not_read(markup: str) -> None:
    assert plain_text(markup) == "see"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("one<br>two<br/>three<BR />four", "one\ntwo\nthree\nfour"),
        ("<ul><li>one</li><li>two</li></ul>", "one\n\ntwo"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("<p>so <b>very</b>\n  <i>near</i></p>", "so very near"),
        ("<p>1 &lt; 2 &amp; &eacute;&nbsp;&#8364;</p>", "1 < 2 & é €"),
        ("<p>1 < 2</p>", "1 < 2"),
        ('<td width="100"">see</td>', "see"),
        ('<div style="font-size:0"><p style="font-size:14px">see</p></div>', "see"),
        ('<p style="opacity:0.9">see</p>', "see"),
        ('<p style="background-color:transparent;border-color: transparent">see</p>', "see"),
        ('<p style="color:rgba(0,0,0,0.8);background:rgba(0,0,0,0)">see</p>', "see"),
        ('<p style="margin-left:-2000px;left:-10px;color:rgba(0,0,0,.05)">see</p>', "see"),
        ('<a title="hidden gems" href="x">see</a>', "see"),
        ("<p>&#" + "9" * 5000 + ";</p>", "\ufffd"),
    ],
)
def test_what_is_seen_is_read(markup: str, expected: str) -> None:
    assert plain_text(markup) == expected


@pytest.mark.parametrize("text", ["a <b@example.com>", "List<String>", "x <y> z", "<3", ""])
def test_angle_brackets_alone_are_no_html(text: str) -> None:
    assert not looks_like_html(text)


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "<a ",
            "<!--",
            "<!",
            "<?",
            "<",
            "</",
            "<a x='",
            '<a x="',
            "<script>",
            "<a =",
            "<p hidden>",
        ),
        *(
            "&",
            "&#",
            "<aé",
            "  \n",
            " ",
            '<a "> ',
            "<a '>\"",
            "<title>",
            "<p ",
            "<p style=opacity:0 ",
        ),
    ],
)
def test_no_markup_takes_long(unit: str) -> None:
    hostile = "<p>" + unit * (300_000 // len(unit))
    began = time.perf_counter()
    plain_text(hostile)
    assert time.perf_counter() - began < 3
