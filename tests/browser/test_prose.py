"""What people paste and what models write: Word's form kept, formulas drawn."""

from playwright.sync_api import Locator, expect

from tests.browser.axe import violations
from tests.browser.conftest import OpenWindow
from tests.browser.window import none_of

WORD = """
<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<meta name=Generator content="Microsoft Word 15"><style>p.MsoNormal{margin:0}</style></head><body>
<h1>Note <span style='color:red'>verbale</span><o:p></o:p></h1>
<p class=MsoNormal>The <b>Embassy</b> presents its <i>compliments</i>&nbsp;to the Ministry.</p>
<p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·
<span>&nbsp;&nbsp;</span></span>first</p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><span
style='mso-list:Ignore'>o<span>&nbsp;</span></span>below it</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·
<span>&nbsp;&nbsp;</span></span>second</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.<span>
&nbsp;</span></span>one</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>2.<span>
&nbsp;</span></span>two</p>
<table><tr><td><p>Who</p></td><td><p>When</p></td></tr><tr><td>A|B</td><td><b>May</b></td></tr></table>
<p><a href="https://example.org/x">The text</a><img src="https://example.org/p.png"></p>
<script>document.title = "run"</script></body></html>"""
PASTED = """# Note verbale

The **Embassy** presents its *compliments* to the Ministry.

-   first
    -   below it
-   second

1.  one
2.  two

| Who | When |
| --- | --- |
| A\\|B | **May** |

[The text](https://example.org/x)"""
_PASTE = """(field, [html, plain]) => {
  const data = new DataTransfer();
  data.setData('text/html', html);
  data.setData('text/plain', plain);
  const paste = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
  if (field.dispatchEvent(paste)) {
    document.execCommand('insertText', false, plain);
  }
}"""


def paste(field: Locator, html: str, plain: str) -> None:
    field.focus()
    field.evaluate(_PASTE, [html, plain])


def test_what_is_pasted_from_word_keeps_its_form_and_can_be_undone(window: OpenWindow) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    ana.composer.press_sequentially("Improve: ")
    paste(ana.composer, WORD, "Note verbale")
    expect(ana.composer).to_have_value(f"Improve: {PASTED}")
    assert ana.page.title() != "run"
    ana.composer.press("Control+z")
    expect(ana.composer).to_have_value("Improve: ")

    ana.composer.fill("")
    paste(ana.composer, "<div><span style='color:blue'>const</span> x = 1;</div>", "const x = 1;")
    expect(ana.composer).to_have_value("const x = 1;")


def test_formulas_are_drawn_and_what_is_none_stays_as_it_was(window: OpenWindow) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    text = (
        "What is the area of the garden?\n\nThe area of the garden is $\\pi r^2$, the price of its "
        "area lies between $5 and $10, and the area is not $\\frac{1$ at all."
    )
    answer = ana.ask(text)
    formula = answer.locator("math").first
    expect(formula).to_be_visible()
    expect(formula).to_contain_text("π")
    expect(answer).to_contain_text("between $5 and $10")
    expect(answer.locator(".maths code")).to_have_text("\\frac{1")
    none_of(violations(ana.page))


def test_an_answer_says_when_its_question_lies_past_what_the_model_knows(
    window: OpenWindow,
) -> None:
    ana = window()
    ana.sign_in("ana.silva")
    told = ana.ask("What did the Council decide in February 2026?").locator(".note")
    expect(told).to_contain_text("Claude Sonnet 4.5 knows the world up to")
    expect(ana.ask("What is a demarche?").locator(".note")).to_have_count(0)
    none_of(violations(ana.page))
