import { Button } from "@trussworks/react-uswds";
import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from "react";

import { fetchFileText } from "../../api/attachments";
import type { Given, GivenPassage, ReadableFile } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { Sheet } from "../../parts/Sheet";
import { useSession } from "../../session/context";

const MARK = /\[(\d{1,6})\]/;
/** What is shown of a document around a passage, in characters. */
const AROUND = 3_000;

type Open = (number: number) => void;
const CitationContext = createContext<{ numbers: ReadonlySet<number>; open: Open } | null>(null);

/** An answer with the passages that it was given: its marks open them, and they are listed. */
export function Grounded({
  given,
  text,
  children,
}: {
  given: Given;
  text: string;
  children: ReactNode;
}) {
  const { t } = useLanguage();
  const [opened, setOpened] = useState<GivenPassage | null>(null);
  const numbers = new Set(given.passages.map(({ number }) => number));
  const cited = new Set(
    [...text.matchAll(new RegExp(MARK, "g"))].map((match) => Number(match[1])),
  );
  const open = (number: number) =>
    setOpened(given.passages.find((one) => one.number === number) ?? null);
  const named = given.passages.filter(({ number }) => cited.has(number));
  const also = given.passages.filter(({ number }) => !cited.has(number));
  return (
    <CitationContext value={{ numbers, open }}>
      {children}
      <div className="sources">
        {named.length > 0 && (
          <Passages heading={t("sources.cited")} passages={named} open={open} />
        )}
        {also.length > 0 && (
          <details>
            <summary>{t("sources.also", { count: also.length })}</summary>
            <Passages heading={null} passages={also} open={open} />
          </details>
        )}
        {given.by === "beginning" && <p className="muted">{t("sources.beginning")}</p>}
      </div>
      {opened !== null && <PassageSheet passage={opened} onClose={() => setOpened(null)} />}
    </CitationContext>
  );
}

interface ListProperties {
  heading: string | null;
  passages: readonly GivenPassage[];
  open: Open;
}

function Passages({ heading, passages, open }: ListProperties) {
  const { t } = useLanguage();
  return (
    <>
      {heading !== null && <h4>{heading}</h4>}
      <ul>
        {passages.map(({ number, name, page }) => (
          <li key={number}>
            <Button
              type="button"
              unstyled
              aria-haspopup="dialog"
              onClick={() => open(number)}
            >
              [{number}] <span dir="auto">{name}</span>
              {page !== null && `, ${t("sources.page", { page })}`}
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Words in which a mark of a given passage opens it. */
export function Cited({ text }: { text: string }) {
  const { t } = useLanguage();
  const citing = useContext(CitationContext);
  if (citing === null || !MARK.test(text)) {
    return text;
  }
  return text.split(/(\[\d{1,6}\])/).map((piece, index) => {
    const number = Number(MARK.exec(piece)?.[1] ?? Number.NaN);
    return index % 2 === 1 && citing.numbers.has(number) ? (
      <Button
        key={index}
        type="button"
        unstyled
        className="citation"
        aria-haspopup="dialog"
        aria-label={t("sources.open", { number })}
        onClick={() => citing.open(number)}
      >
        {piece}
      </Button>
    ) : (
      piece
    );
  });
}

interface SheetProperties {
  passage: GivenPassage;
  onClose: () => void;
}

/** A passage in its document's text; alone where the document is there no more. */
function PassageSheet({ passage, onClose }: SheetProperties) {
  const { t } = useLanguage();
  const { client } = useSession();
  const [read, setRead] = useState<ReadableFile | "gone" | null>(null);
  const mark = useRef<HTMLElement>(null);
  useEffect(() => {
    const gone = new AbortController();
    fetchFileText(client, passage.file, gone.signal).then(setRead, () => {
      if (!gone.signal.aborted) {
        setRead("gone");
      }
    });
    return () => gone.abort();
  }, [client, passage.file]);
  useEffect(() => {
    void mark.current?.scrollIntoView({ block: "center" });
  }, [read]);
  const { before, after } =
    read === null || read === "gone" ? { before: "", after: "" } : around(read.text.text, passage);
  const page = passage.page === null ? "" : `, ${t("sources.page", { page: passage.page })}`;
  return (
    <Sheet heading={`${passage.name}${page}`} onClose={onClose}>
      {read === "gone" && <p>{t("sources.gone")}</p>}
      <div className="document-text" dir="auto" tabIndex={0} role="region" aria-label={t("sources.text")}>
        {before}
        <mark ref={mark}>{passage.text}</mark>
        {after}
      </div>
      <Button type="button" onClick={onClose}>
        {t("sources.close")}
      </Button>
    </Sheet>
  );
}

/** What stands around a passage. Its offsets count characters, of which some are two units here. */
function around(text: string, { start, end }: GivenPassage): { before: string; after: string } {
  const from = unitsOf(text, start, 0);
  const to = unitsOf(text, end - start, from);
  return { before: text.slice(Math.max(0, from - AROUND), from), after: text.slice(to, to + AROUND) };
}

function unitsOf(text: string, characters: number, from: number): number {
  let at = from;
  for (let left = characters; left > 0 && at < text.length; left--) {
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }
  return at;
}
