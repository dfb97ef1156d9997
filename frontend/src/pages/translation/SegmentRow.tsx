import { Button, Tag } from "@trussworks/react-uswds";
import { useRef, useState, type KeyboardEvent } from "react";

import type { JobSeen, Segment } from "../../api/schema";
import { translateAgain } from "../../api/translations";
import { useLanguage } from "../../i18n/context";
import { useSession } from "../../session/context";
import { Refused } from "../chat/Refused";
import { useEditing } from "./useEditing";

interface Properties {
  seen: JobSeen;
  segment: Segment;
  onKept: (seen: JobSeen) => void;
}

const TAG = /(<\/?\d{1,4}\/?>)/;

/** A tagged text, its tags told apart from its words. */
function Tagged({ text }: { text: string }) {
  return text.split(TAG).map((piece, place) =>
    TAG.test(piece) ? (
      <code key={place} className="segment-tag" translate="no">
        {piece}
      </code>
    ) : (
      piece
    ),
  );
}

/** A segment: its original and, beside it, its translation to be changed and approved. */
export function SegmentRow({ seen, segment, onKept }: Properties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const row = useRef<HTMLLIElement>(null);
  const job = seen.line.id;
  const { text, write, leave, keep, keeping, error } = useEditing(job, segment, onKept);
  const [failed, setFailed] = useState<unknown>(null);
  const number = { number: segment.number };
  const state = segment.state ?? "waiting";
  const waiting = state === "waiting";
  const earlier = segment.earlier ?? "";
  const problem = segment.problem?.[language];

  const approve = async () => {
    if (await keep(true)) {
      row.current?.nextElementSibling?.querySelector("textarea")?.focus();
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !waiting) {
      event.preventDefault();
      void approve();
    }
  };
  const again = () => {
    setFailed(null);
    translateAgain(client, job, segment.number).then(onKept, setFailed);
  };
  return (
    <li ref={row} className={`segment segment-${state}`} aria-label={t("translation.segment", number)}>
      <p
        className="segment-source"
        lang={seen.from_language.code}
        dir={seen.from_language.direction}
        id={`source-${segment.number}`}
      >
        <Tagged text={segment.source} />
      </p>
      <div className="segment-target">
        <textarea
          className="usa-textarea"
          aria-label={t("translation.target", number)}
          aria-describedby={`source-${segment.number} about-${segment.number}`}
          lang={seen.to_language.code}
          dir={seen.to_language.direction}
          rows={Math.min(8, Math.max(2, Math.ceil(text.length / 48)))}
          readOnly={waiting}
          value={text}
          onChange={(event) => write(event.currentTarget.value)}
          onBlur={leave}
          onKeyDown={onKeyDown}
        />
        <div id={`about-${segment.number}`} className="segment-about">
          <Tag className={`state-${state}`}>{t(`translation.state.${state}`)}</Tag>{" "}
          {problem !== undefined && <span className="segment-problem">{problem}</span>}
        </div>
        <div role="alert">
          {error !== null && <Refused error={error} otherwise={t("translation.notKept")} />}
          {failed !== null && <Refused error={failed} otherwise={t("translations.failed")} />}
        </div>
        <div className="segment-acts">
          <Button
            type="button"
            unstyled
            disabled={waiting || keeping || text.trim() === "" || state === "approved"}
            aria-label={t("translation.approve", number)}
            onClick={() => void keep(true)}
          >
            {t("translation.approveWord")}
          </Button>
          <Button
            type="button"
            unstyled
            className="quiet"
            disabled={waiting}
            aria-label={t("translation.again", number)}
            onClick={again}
          >
            {t("translation.againWord")}
          </Button>
          {earlier !== "" && earlier !== text && (
            <Button
              type="button"
              unstyled
              className="quiet"
              disabled={waiting}
              aria-label={t("translation.earlier", number)}
              onClick={() => write(earlier)}
            >
              {t("translation.earlierWord")}
            </Button>
          )}
        </div>
      </div>
    </li>
  );
}
