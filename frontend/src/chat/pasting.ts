/**
 * What is pasted from Word, a web page or a mail keeps its headings, lists, tables, emphasis and
 * links, as Markdown, which is what models read and answers are drawn from.
 *
 * Text that has no such form (from an editor of code, say) is pasted as it is, and so is whatever
 * is pasted as plain text (Ctrl+Shift+V). The HTML is only read: it is parsed into a document that
 * runs no script and loads nothing.
 */

import type TurndownService from "turndown";

const FORMED =
  "h1,h2,h3,h4,h5,h6,ul,ol,table,b,strong,i,em,a[href],blockquote,pre,p[class^='MsoList']";
const IGNORED = "style,script,meta,link,title,head,noscript,template,o\\:p";

/** The body of what is pasted. Styles are put by, for the page's security policy speaks of them. */
export function bodyOf(html: string): HTMLElement {
  const without = html
    .replace(/<style\b[\s\S]*?<\/style>/gi, "")
    .replace(/<[^>]+>/g, (tag) => tag.replace(/\sstyle=/gi, " data-style="));
  return new DOMParser().parseFromString(without, "text/html").body;
}

/** Whether a document has any form that Markdown keeps. */
export function isFormed(body: ParentNode): boolean {
  return body.querySelector(FORMED) !== null;
}

/** The Markdown of a document's body. */
export async function markdownOf(body: HTMLElement): Promise<string> {
  const { default: Turndown } = await import("turndown");
  body.querySelectorAll(IGNORED).forEach((element) => element.remove());
  liftLists(body);
  const reader = new Turndown({
    headingStyle: "atx",
    bulletListMarker: "-",
    codeBlockStyle: "fenced",
    emDelimiter: "*",
  });
  reader.addRule("table", { filter: "table", replacement: (_, node) => table(reader, node) });
  reader.addRule("picture", { filter: ["img"], replacement: () => "" });
  return reader
    .turndown(body)
    .replace(/\u00a0/g, " ")
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** Word writes a list's items as paragraphs, each with its mark in a span to be ignored. */
function liftLists(body: HTMLElement): void {
  for (const item of body.querySelectorAll("p[class^='MsoList']")) {
    const marks = [...item.querySelectorAll("span")].filter((span) =>
      /mso-list:\s*Ignore/i.test(span.getAttribute("data-style") ?? ""),
    );
    const mark = marks.map((span) => span.textContent ?? "").join("");
    marks.forEach((span) => span.remove());
    const numbered = /^\s*(\d+)[.)]/.exec(mark);
    const depth = Number(/level(\d)/.exec(item.getAttribute("data-style") ?? "")?.[1] ?? 1);
    const list = body.ownerDocument.createElement(numbered === null ? "ul" : "ol");
    if (numbered?.[1] !== undefined) {
      list.setAttribute("start", numbered[1]);
    }
    const line = body.ownerDocument.createElement("li");
    line.append(...item.childNodes);
    list.append(line);
    const before = item.previousElementSibling;
    const place = before === null ? null : listAt(before, depth, list.tagName);
    if (place === null) {
      item.replaceWith(list);
    } else {
      place.append(depth > 1 && place.tagName === "LI" ? list : line);
      item.remove();
    }
  }
}

/** Where an item of a depth goes on in a list before it: the list, or the item that it is below. */
function listAt(before: Element, depth: number, tag: string): Element | null {
  if (!/^[UO]L$/.test(before.tagName)) {
    return null;
  }
  let list = before;
  for (let level = 1; level < depth; level += 1) {
    const last = list.lastElementChild;
    const inner = last?.lastElementChild;
    if (last === null) {
      return null;
    }
    if (!inner || !/^[UO]L$/.test(inner.tagName)) {
      return last;
    }
    list = inner;
  }
  return list.tagName === tag ? list : null;
}

/** A table as GitHub's Markdown writes it; its first row is the heading. */
function table(reader: TurndownService, node: TurndownService.Node): string {
  const rows = [...(node as HTMLTableElement).querySelectorAll("tr")].map((row) =>
    [...row.children].map((cell) => inLine(reader, cell as HTMLElement)),
  );
  const width = Math.max(0, ...rows.map((row) => row.length));
  if (width === 0) {
    return "";
  }
  const line = (cells: readonly string[]) =>
    `| ${Array.from({ length: width }, (_, at) => cells[at] ?? "").join(" | ")} |`;
  const [heading = [], ...others] = rows;
  const rule = `|${" --- |".repeat(width)}`;
  return `\n\n${[line(heading), rule, ...others.map(line)].join("\n")}\n\n`;
}

function inLine(reader: TurndownService, cell: HTMLElement): string {
  return reader.turndown(cell).trim().replace(/\s*\n+\s*/g, " ").replace(/\|/g, "\\|");
}
