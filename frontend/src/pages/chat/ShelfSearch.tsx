import { Button } from "@trussworks/react-uswds";
import { useId } from "react";

import type { FoundPlace } from "../../api/schema";
import type { Search } from "../../chat/useSearch";
import { useLanguage } from "../../i18n/context";
import { Link } from "../../parts/Link";
import { conversationPath } from "../../route";

/** The field that one searches in, found by its class where a shortcut goes to it. */
export const SHELF_SEARCH = "shelf-search";

/** Where one searches one's conversations. Escape empties it. */
export function SearchField({ search }: { search: Search }) {
  const { t } = useLanguage();
  const id = useId();
  return (
    <div className="shelf-field">
      <label htmlFor={id}>{t("search.label")}</label>
      <input
        id={id}
        className={`usa-input ${SHELF_SEARCH}`}
        type="search"
        autoComplete="off"
        spellCheck={false}
        maxLength={500}
        value={search.query}
        onChange={(event) => search.setQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && search.query !== "") {
            event.preventDefault();
            event.stopPropagation();
            search.setQuery("");
          }
        }}
      />
    </div>
  );
}

interface Properties {
  search: Search;
  /** Told before the link goes to a conversation in which a turn was found. */
  onOpen: (found: FoundPlace) => void;
}

/** What was found, the best first. */
export function SearchResults({ search, onOpen }: Properties) {
  const { t } = useLanguage();
  const { phase, found, total, more } = search;
  const settled = phase === "ready";
  return (
    <>
      <p role="status" className={settled && total === 0 ? "muted" : "found-count"}>
        {settled && (total === 0 ? t("search.nothing") : t("search.count", { count: total }))}
        {phase === "looking" && found.length === 0 && t("search.looking")}
      </p>
      {settled && total === 0 && <p className="muted">{t("search.hint")}</p>}
      <div role="alert">
        {phase === "failed" && (
          <p className="field-error">
            {t("search.failed")}{" "}
            <Button type="button" unstyled onClick={search.goOn}>
              {t("search.again")}
            </Button>
          </p>
        )}
      </div>
      {found.length > 0 && (
        <ul className="found" aria-busy={phase === "looking"}>
          {found.map((one) => (
            <li key={`${one.conversation} ${one.turn ?? ""}`} onClickCapture={() => onOpen(one)}>
              <Link href={conversationPath(one.conversation)} dir="auto">
                {one.turn !== null && (
                  <span className="found-title">
                    {one.title === "" ? t("conversations.untitled") : one.title}
                  </span>
                )}
                <span className={one.turn === null ? "found-title" : "found-words"}>
                  <Snippet found={one} />
                </span>
                {one.folder !== null && (
                  <span className="found-folder" dir="auto">
                    {t("folders.in", { name: one.folder })}
                  </span>
                )}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {more && (
        <Button type="button" outline className="found-more" onClick={search.goOn}>
          {t("search.more")}
        </Button>
      )}
    </>
  );
}

function Snippet({ found }: { found: FoundPlace }) {
  const { snippet, marks } = found;
  const ends = [0, ...marks.map(({ end }) => end)];
  return (
    <>
      {found.cut_before && "… "}
      {marks.map(({ start, end }, index) => (
        <span key={start}>
          {snippet.slice(ends[index], start)}
          <mark>{snippet.slice(start, end)}</mark>
        </span>
      ))}
      {snippet.slice(ends.at(-1))}
      {found.cut_after && " …"}
    </>
  );
}
