import { Button } from "@trussworks/react-uswds";
import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from "react";

import { refusedWith } from "../../api/asking";
import { fetchFileText } from "../../api/attachments";
import type { Given, GivenPassage, ReadableFile, StoredFile } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { Said } from "../../parts/Said";
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
        {given.words_because != null && (
          <p className="muted">{t(`sources.because.${given.words_because}`)}</p>
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
        {passages.map(({ number, name, page, collection }) => (
          <li key={number}>
            <Button
              type="button"
              unstyled
              aria-haspopup="dialog"
              onClick={() => open(number)}
            >
              <span className="source-number">[{number}]</span>{" "}
              <span dir="auto">{named(t, name, collection)}</span>
              {page !== null && `, ${t("sources.page", { page })}`}
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** A file's name, with its collection's where it stands in one. */
function named(
  t: ReturnType<typeof useLanguage>["t"],
  file: string,
  collection: string | undefined,
): string {
  return collection === undefined || collection === ""
    ? file
    : t("sources.collection", { file, collection });
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
  const [read, setRead] = useState<ReadableFile | Gone | null>(null);
  const mark = useRef<HTMLElement>(null);
  useEffect(() => {
    const gone = new AbortController();
    fetchFileText(client, passage.file, gone.signal).then(setRead, (error: unknown) => {
      if (!gone.signal.aborted) {
        setRead({ gone: error });
      }
    });
    return () => gone.abort();
  }, [client, passage.file]);
  useEffect(() => {
    void mark.current?.scrollIntoView({ block: "center" });
  }, [read]);
  const { before, after } =
    read === null || "gone" in read ? { before: "", after: "" } : around(read.text.text, passage);
  const page = passage.page === null ? "" : `, ${t("sources.page", { page: passage.page })}`;
  return (
    <Sheet heading={`${named(t, passage.name, passage.collection)}${page}`} onClose={onClose}>
      {read !== null && "gone" in read && <WhyGone error={read.gone} />}
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

/** A file of which there is no text, and how the server refused it. */
interface Gone {
  gone: unknown;
}

/** Why a passage stands without its document: it is closed to the reader, or there no more. */
function WhyGone({ error }: { error: unknown }) {
  const { t } = useLanguage();
  const detail = refusedWith(error)?.detail;
  return detail?.code === "collection-closed" ? (
    <p>
      <Said>{detail.what}</Said> {t("sources.closed")}
    </p>
  ) : (
    <p>{t("sources.gone")}</p>
  );
}

/** How much of a document is shown at once, in characters. */
const SHOWN = 60_000;

/** The text of a document, as it was read. */
export function DocumentSheet({ file, onClose }: { file: StoredFile; onClose: () => void }) {
  const { t } = useLanguage();
  const { client } = useSession();
  const [read, setRead] = useState<ReadableFile | Gone | null>(null);
  useEffect(() => {
    const gone = new AbortController();
    fetchFileText(client, file.id, gone.signal).then(setRead, (error: unknown) => {
      if (!gone.signal.aborted) {
        setRead({ gone: error });
      }
    });
    return () => gone.abort();
  }, [client, file.id]);
  const text = read === null || "gone" in read ? "" : read.text.text;
  return (
    <Sheet heading={file.name} onClose={onClose}>
      {read !== null && "gone" in read && <WhyGone error={read.gone} />}
      {text.length > SHOWN && <p>{t("sources.beginningOf")}</p>}
      <div className="document-text" dir="auto" tabIndex={0} role="region" aria-label={t("sources.text")}>
        {text.slice(0, SHOWN)}
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
