import { Button } from "@trussworks/react-uswds";
import { memo, useState, type ReactNode } from "react";

import type { Turn } from "../../api/schema";
import { enumerate, formatMonth } from "../../format";
import { useLanguage } from "../../i18n/context";
import { Markdown } from "./Markdown";
import { NotCarried, OriginStamp } from "./OriginStamp";
import { Grounded } from "./Sources";
import { ProblemBox, type ProblemActions } from "./ProblemBox";
import { SentPictures } from "./SentPictures";
import { Stamp } from "./Stamp";
import { WithheldNotes } from "./WithheldNotes";
import { TurnDeeds, type TurnActions, type Version } from "./TurnDeeds";

interface Properties {
  turn: Turn;
  /** What answers: the service's name. */
  service: string;
  zone: string;
  version: Version | null;
  actions: TurnActions;
  /** The month up to which its model knows the world, where its question lies past that. */
  knows: string | null;
  /** What can be done about a problem; null for all turns but the last. */
  mending: ProblemActions | null;
}

/** One turn: who speaks (a heading for screen readers), the words, and the stamp. */
export const TurnView = memo(function TurnView(properties: Properties) {
  const { turn, service, zone, version, actions, knows, mending } = properties;
  const { language, t } = useLanguage();
  const deeds = <TurnDeeds turn={turn} version={version} actions={actions} />;
  return turn.role === "user" ? (
    <UserWords text={turn.text} turn={turn.id}>
      <SentPictures pictures={turn.pictures ?? []} />
      {turn.origin !== null && turn.origin.not_carried.length > 0 && (
        <NotCarried origin={turn.origin} />
      )}
      {deeds}
    </UserWords>
  ) : (
    <article className="answer" tabIndex={-1} data-turn={turn.id}>
      <h3 className="usa-sr-only">{t("turn.answer", { service })}</h3>
      <AnswerWords turn={turn} />
      <WithheldNotes withheld={turn.withheld ?? []} />
      <Unseen names={turn.unseen ?? []} />
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
        <ProblemBox problem={turn.problem} kept={turn.text !== ""} actions={mending} />
      )}
      {knows !== null && turn.served !== null && turn.state !== "generating" && (
        <p className="note">
          {t("turn.past", {
            model: turn.served.model_name,
            month: formatMonth(language, knows),
          })}
        </p>
      )}
      {turn.origin !== null && <OriginStamp origin={turn.origin} zone={zone} />}
      {turn.served !== null && <Stamp turn={turn} served={turn.served} zone={zone} />}
      {deeds}
    </article>
  );
});

/** Which pictures the model was not given. */
function Unseen({ names }: { names: readonly string[] }) {
  const { language, t } = useLanguage();
  return names.length === 0 ? null : (
    <p className="note">
      {t("pictures.unseen", { count: names.length, names: enumerate(language, names) })}
    </p>
  );
}

/** What was answered, with the passages that it was answered from, where there are any. */
function AnswerWords({ turn }: { turn: Turn }) {
  const words = turn.text === "" ? null : <Markdown text={turn.text} />;
  const given = turn.given ?? null;
  return given === null || turn.state === "refused" ? (
    words
  ) : (
    <Grounded given={given} text={turn.text}>
      {words}
    </Grounded>
  );
}

/** Longer texts, pasted documents above all, are folded. In characters, and in lines. */
const LONG = 1_200;
const MANY = 16;

interface Words {
  text: string;
  /** The turn that it is, once it is one. */
  turn?: string;
  children?: ReactNode;
}

/** What a person wrote, as they wrote it. */
export function UserWords({ text, turn, children }: Words) {
  const { t } = useLanguage();
  const [whole, setWhole] = useState(false);
  const long = text.length > LONG || text.split("\n", MANY + 1).length > MANY;
  return (
    <article className="question" tabIndex={-1} data-turn={turn}>
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
      {children}
    </article>
  );
}
