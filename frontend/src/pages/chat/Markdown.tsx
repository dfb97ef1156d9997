import { Button } from "@trussworks/react-uswds";
import type { Token, Tokens } from "marked";
import { createElement, Fragment, memo, useMemo, useState, type ReactNode } from "react";

import { useAnnounce } from "../../chat/announcing";
import { blocksOf, decodeEntities, safeAddress } from "../../chat/markdown";
import { useLanguage } from "../../i18n/context";
import { Maths } from "./Maths";
import { Cited } from "./Sources";

/** A text in Markdown. While it grows, only the block that grows is drawn again. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  const blocks = useMemo(() => blocksOf(text), [text]);
  return (
    <div className="prose" dir="auto">
      {blocks.map((block, index) => (
        <Block key={index} token={block} />
      ))}
    </div>
  );
});

const Block = memo(
  function Block({ token }: { token: Token }) {
    return drawn(token as Tokens.Generic);
  },
  (before, after) =>
    before.token.type === after.token.type && before.token.raw === after.token.raw,
);

/** Speakers and seams are headings of the third level; an answer's own stand below them. */
const HIGHEST = 3;

function drawn(token: Tokens.Generic): ReactNode {
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "code":
      return <Code text={String(token.text)} language={String(token.lang ?? "")} />;
    case "heading":
      return createElement(`h${Math.min(6, HIGHEST + Number(token.depth))}`, null, inner(token));
    case "paragraph":
      return <p>{inner(token)}</p>;
    case "hr":
      return <hr />;
    case "blockquote":
      return <blockquote>{inner(token)}</blockquote>;
    case "list":
      return list(token as Tokens.List);
    case "maths":
      return token.display === true ? (
        <div className="formula">{maths(token)}</div>
      ) : (
        maths(token)
      );
    case "table":
      return <Table token={token as Tokens.Table} />;
    default:
      return inline(token);
  }
}

function inline(token: Tokens.Generic): ReactNode {
  switch (token.type) {
    case "text":
    case "escape":
      return token.tokens === undefined ? (
        <Cited text={decodeEntities(String(token.text))} />
      ) : (
        inner(token)
      );
    case "strong":
      return <strong>{inner(token)}</strong>;
    case "em":
      return <em>{inner(token)}</em>;
    case "del":
      return <del>{inner(token)}</del>;
    case "codespan":
      return <code translate="no">{String(token.text)}</code>;
    case "br":
      return <br />;
    case "link":
      return <SafeLink address={String(token.href)}>{inner(token)}</SafeLink>;
    case "image":
      return <Picture text={String(token.text)} />;
    case "checkbox":
      return token.checked === true ? "☑ " : "☐ ";
    default:
      return token.raw; // HTML above all: shown as it was written
  }
}

function maths(token: Tokens.Generic): ReactNode {
  return <Maths text={String(token.text)} display={token.display === true} />;
}

function inner({ tokens = [] }: { tokens?: Token[] | undefined }): ReactNode {
  return tokens.map((token, index) => (
    <Fragment key={index}>{drawn(token as Tokens.Generic)}</Fragment>
  ));
}

function list({ ordered, start, items }: Tokens.List): ReactNode {
  const drawnItems = items.map((item, index) => <li key={index}>{inner(item)}</li>);
  return ordered ? <ol start={start === "" ? 1 : start}>{drawnItems}</ol> : <ul>{drawnItems}</ul>;
}

function SafeLink({ address, children }: { address: string; children: ReactNode }) {
  const { t } = useLanguage();
  const safe = safeAddress(address);
  if (safe === null) {
    return (
      <>
        {children} <span className="muted">({address})</span>
      </>
    );
  }
  return (
    <a href={safe} target="_blank" rel="noopener noreferrer">
      {children}
      <span className="usa-sr-only"> {t("prose.newWindow")}</span>
    </a>
  );
}

function Picture({ text }: { text: string }) {
  const { t } = useLanguage();
  return <span className="muted">[{t("prose.picture", { text })}]</span>;
}

function Table({ token }: { token: Tokens.Table }) {
  const { t } = useLanguage();
  return (
    <div className="scrolls" role="region" aria-label={t("prose.table")} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {token.header.map((cell, index) => (
              <th key={index} scope="col">
                {inner(cell)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column}>{inner(cell)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Code({ text, language }: { text: string; language: string }) {
  const { t } = useLanguage();
  return (
    <figure className="code-block" dir="ltr">
      <figcaption>
        <span translate="no">{language}</span>
        <CopyButton text={text} label={t("prose.copyCode")} />
      </figcaption>
      <pre tabIndex={0} translate="no">
        <code>{text}</code>
      </pre>
    </figure>
  );
}

const SHOWN_MS = 2_000;

/** Copies a text; missing where the browser does not let a page copy. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const { t } = useLanguage();
  const announce = useAnnounce();
  const [copied, setCopied] = useState(false);
  if (navigator.clipboard === undefined) {
    return null;
  }
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    announce(t("prose.copied"));
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MS);
  };
  return (
    <Button type="button" unstyled className="quiet" onClick={() => void copy()}>
      {copied ? t("prose.copied") : label}
    </Button>
  );
}
