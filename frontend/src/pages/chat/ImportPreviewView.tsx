import { Button, Tag } from "@trussworks/react-uswds";
import { useId, useMemo, useState } from "react";

import type { FoundLine, FilePreview } from "../../api/schema";
import { enumerate, formatDay } from "../../format";
import { useLanguage } from "../../i18n/context";
import { TickField } from "../../parts/form/fields";
import { Said } from "../../parts/Said";
import { leftWords, SOURCES } from "./OriginStamp";

interface Properties {
  preview: FilePreview;
  zone: string;
  onTake: (only: string[]) => void;
}

/** More would make the sheet slow; the others follow the choice for all. */
const MOST_LISTED = 200;

/** What a file holds, and the choice of what comes in. */
export function ImportPreviewView({ preview, zone, onTake }: Properties) {
  const { t } = useLanguage();
  const id = useId();
  const open = useMemo(() => preview.lines.filter(mayCome), [preview]);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const chosen = open.filter(({ digest }) => !left.has(digest));
  const toggle = (digest: string) => {
    const now = new Set(left);
    if (!now.delete(digest)) {
      now.add(digest);
    }
    setLeft(now);
  };
  const all = chosen.length === open.length;
  const more = preview.lines.length - MOST_LISTED;
  return (
    <section className="import-preview">
      <h3 dir="auto">{t("imports.found", { name: preview.file })}</h3>
      {open.length === 0 ? (
        <p>{t("imports.nothing")}</p>
      ) : (
        <div className="import-choice">
          <Button
            type="button"
            disabled={chosen.length === 0}
            onClick={() => onTake(chosen.map(({ digest }) => digest))}
          >
            {t("imports.take", { count: chosen.length })}
          </Button>
          <TickField
            label={t("imports.all", { count: open.length })}
            checked={all}
            onChange={(every) =>
              setLeft(every ? new Set() : new Set(open.map(({ digest }) => digest)))
            }
          />
        </div>
      )}
      <ul className="import-lines" aria-label={t("imports.choose")}>
        {preview.lines.slice(0, MOST_LISTED).map((line, index) => (
          <li key={index}>
            {mayCome(line) && (
              <input
                id={`${id}-${index}`}
                type="checkbox"
                checked={!left.has(line.digest)}
                aria-describedby={`${id}-${index}-about`}
                onChange={() => toggle(line.digest)}
              />
            )}
            <div className="import-line">
              {mayCome(line) ? (
                <label htmlFor={`${id}-${index}`} dir="auto">
                  {line.title || t("imports.untitled")}
                </label>
              ) : (
                <span className="import-title" dir="auto">
                  {line.title || t("imports.untitled")}
                </span>
              )}{" "}
              {line.standing !== "new" && (
                <Tag className="tag-stand-in">{t(`imports.${line.standing}`)}</Tag>
              )}
              <About line={line} zone={zone} id={`${id}-${index}-about`} />
            </div>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="muted">{t("imports.more", { count: more })}</p>}
    </section>
  );
}

function mayCome({ standing }: FoundLine): boolean {
  return standing === "new" || standing === "changed";
}

function About({ line, zone, id }: { line: FoundLine; zone: string; id: string }) {
  const { language, t } = useLanguage();
  if (line.source === null) {
    return (
      <p id={id} className="muted">
        <Said>{line.why}</Said>
      </p>
    );
  }
  const facts = [SOURCES[line.source], t("imports.turns", { count: line.turns })];
  if (line.versions > 1) {
    facts.push(t("imports.versions", { count: line.versions }));
  }
  if (line.first !== null && line.last !== null) {
    const [first, last] = [line.first, line.last].map((at) => formatDay(language, at, zone));
    facts.push(
      first === last ? (first ?? "") : t("imports.from", { first: first ?? "", last: last ?? "" }),
    );
  }
  return (
    <div id={id} className="muted">
      <p>{facts.join(" · ")}</p>
      {line.models.length > 0 && (
        <p>{t("imports.models", { models: enumerate(language, line.models) })}</p>
      )}
      {line.not_carried.length > 0 && (
        <p>{t("imports.left", { what: leftWords(language, t, line.not_carried) })}</p>
      )}
    </div>
  );
}
