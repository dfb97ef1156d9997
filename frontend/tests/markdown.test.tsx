import { describe, expect, test } from "vitest";

import { decodeEntities, safeAddress } from "../src/chat/markdown";
import { Markdown } from "../src/pages/chat/Markdown";
import { markup, words } from "./rendering";

const drawn = (text: string) => markup(<Markdown text={text} />, "en");

describe("Markdown", () => {
  test("draws what models write", () => {
    const page = drawn(
      "# Title\n\nA **bold** and *slanted* `word`.\n\n1. one\n2. two\n   - inner\n\n> said\n\n---\n\n```py\nx < 1\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    );
    expect(page).toContain("<h4>Title</h4>");
    expect(page).toContain("<strong>bold</strong> and <em>slanted</em> <code translate=\"no\">word</code>");
    expect(page).toMatch(/<ol start="1"><li>one<\/li><li>two<ul><li>inner<\/li><\/ul><\/li><\/ol>/);
    expect(page).toContain("<blockquote><p>said</p></blockquote><hr/>");
    expect(page).toContain("<code>x &lt; 1</code>");
    expect(page).toContain('<th scope="col">a</th>');
    expect(page).toContain("<td>2</td>");
  });

  test.each([
    "<script>alert(1)</script>",
    "before <img src=x onerror=alert(1)> after",
    '<iframe src="https://example.org"></iframe>',
    "<a href='javascript:alert(1)'>x</a>",
    "<svg/onload=alert(1)>",
    "<style>*{display:none}</style>",
    "- <b onclick=alert(1)>x",
    "| <script>1</script> |\n|---|\n| <img src=x> |",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
  ])("shows HTML as it was written: %s", (text) => {
    expect(drawn(text)).not.toMatch(/<(script|img|iframe|svg|style|b)\b|<a\b/);
    expect(words(<Markdown text={text} />, "en")).toContain("&lt;");
  });

  test.each([
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html,<script>1</script>)",
    "[x](vbscript:x)",
    "[x](//example.org)",
    "[x](/orders)",
    "<javascript:alert(1)>",
    "[x][y]\n\n[y]: javascript:alert(1)",
  ])("makes no link of %s", (text) => {
    expect(drawn(text)).not.toContain("<a ");
  });

  test("opens links elsewhere, without telling where from", () => {
    const page = drawn("[the page](https://example.org/a?b=1&c=2)");
    expect(page).toContain('href="https://example.org/a?b=1&amp;c=2"');
    expect(page).toContain('rel="noopener noreferrer"');
    expect(page).toContain("(opens in a new window)");
  });

  test("loads no picture, and says that there is one", () => {
    const page = drawn("![a chart](https://example.org/chart.png)");
    expect(page).not.toContain("example.org");
    expect(page).toContain("picture, not loaded: a chart");
  });

  test("bears a text that is cut anywhere", () => {
    const text = "# T\n\n**b** [l](https://example.org) ```x\ny\n``` | a |\n|--|\n- [ ] task <b> &amp;";
    for (let end = 0; end <= text.length; end += 1) {
      expect(drawn(text.slice(0, end))).toContain('class="prose"');
    }
  });
});

test("addresses and character references", () => {
  expect(safeAddress("mailto:a@example.org")).toBe("mailto:a@example.org");
  expect(safeAddress(" https://example.org ")).toBe("https://example.org/");
  expect(safeAddress("java\nscript:alert(1)")).toBeNull();
  expect(decodeEntities("&amp;&#65;&#x42;&eacute;&#0;")).toBe("&AB&eacute;\ufffd");
});

describe("mathematics", () => {
  test.each([
    ["$x^2$", "x^2"],
    ["so $\\alpha_1$, and", "\\alpha_1"],
    ["\\(a + b\\)", "a + b"],
    ["$$\n\\int_0^1 x\n$$", "\\int_0^1 x"],
    ["\\[\nE = mc^2\n\\]", "E = mc^2"],
    ["given $$a = b$$ there", "a = b"],
    ["| a |\n|---|\n| $x$ |", "x"],
  ])("is found in %s", (text, tex) => {
    const page = drawn(text);
    expect(page).toContain('class="maths');
    expect(page).toContain(`<code>${tex}</code>`);
  });

  test.each([
    "It costs between $5 and $10.",
    "US$ 5, not US$ 6",
    "`$x$`",
    "```\n$x$\n```",
    "a $ b $ c",
    "\\$x\\$",
    "$",
    "$$",
  ])("is not seen in %s", (text) => {
    expect(drawn(text)).not.toContain("maths");
  });

  test("keeps what is marked up around it", () => {
    expect(drawn("**so $x$ is** it")).toMatch(/<strong>so .*<code>x<\/code>.* is<\/strong> it/);
  });
});
