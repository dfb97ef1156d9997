from tests.docs.markdown import anchors, headings, links

SOURCE = """\
# One `thing`

See [it](a.md), ![a picture](b%20c.png "title"), [there](#one-thing) and [ref].

```sh
# no heading
[no link](x.md)
```

`[no](link)` but [yes](d.md#part)

## One thing
## One thing

[ref]: https://example.org/x
"""


def test_links_outside_of_code() -> None:
    assert links(SOURCE) == ["a.md", "b c.png", "#one-thing", "d.md#part", "https://example.org/x"]


def test_headings_outside_of_code() -> None:
    assert headings(SOURCE) == ["One `thing`", "One thing", "One thing"]


def test_repeated_headings_are_numbered() -> None:
    assert anchors(SOURCE) == {"one-thing", "one-thing-1", "one-thing-2"}
