import { Button } from "@trussworks/react-uswds";
import { memo, useState } from "react";

import type { Turn } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { CopyButton, Markdown } from "./Markdown";
import { ProblemBox, type ProblemActions } from "./ProblemBox";
import { Stamp } from "./Stamp";

interface Properties {
  turn: Turn;
  /** What answers: the service's name. */
  service: string;
  zone: string;
  actions: ProblemActions | null;
}

/** One turn: who speaks (a heading for screen readers), the words, and the stamp. */
export const TurnView = memo(function TurnView({ turn, service, zone, actions }: Properties) {
  const { t } = useLanguage();
  return turn.role === "user" ? (
    <UserWords text={turn.text} />
  ) : (
    <article className="answer">
      <h3 className="usa-sr-only">{t("turn.answer", { service })}</h3>
      {turn.text !== "" && <Markdown text={turn.text} />}
      {turn.state === "generating" && (
        <p className="writing" aria-hidden="true">
          <span className="dots">
            <span />
            <span />
            <span />
          </span>
          {t("turn.writing", { service })}
        </p>
      )}
      {turn.problem !== null && (
        <ProblemBox problem={turn.problem} kept={turn.text !== ""} actions={actions} />
      )}
      {turn.served !== null && (
        <Stamp turn={turn} served={turn.served} zone={zone}>
          {turn.text !== "" && turn.state !== "generating" && (
            <CopyButton text={turn.text} label={t("turn.copy")} />
          )}
        </Stamp>
      )}
    </article>
  );
});

/** Longer texts, pasted documents above all, are folded. In characters, and in lines. */
const LONG = 1_200;
const MANY = 16;

/** What a person wrote, as they wrote it. */
export function UserWords({ text }: { text: string }) {
  const { t } = useLanguage();
  const [whole, setWhole] = useState(false);
  const long = text.length > LONG || text.split("\n", MANY + 1).length > MANY;
  return (
    <article className="question">
      <h3 className="usa-sr-only">{t("turn.question")}</h3>
      <div className={long && !whole ? "question-words folded" : "question-words"} dir="auto">
        {text}
      </div>
      {long && (
        <Button
          type="button"
          unstyled
          className="quiet"
          aria-expanded={whole}
          onClick={() => setWhole(!whole)}
        >
          {whole ? t("turn.less") : t("turn.whole")}
        </Button>
      )}
    </article>
  );
}
