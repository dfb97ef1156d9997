import { Button } from "@trussworks/react-uswds";
import { useId } from "react";

import type { Turn } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { AnswerRating } from "./AnswerRating";
import { CopyButton } from "./Markdown";

/** Where a turn stands among those that hang at its place, counted from 1. */
export interface Version {
  place: number;
  of: number;
  previous: string | null;
  next: string | null;
}

/** What can be done with any turn, while no answer is being written. */
export interface TurnActions {
  onEdit: (turn: Turn) => void;
  onAgain: (turn: Turn) => void;
  /** Shows the path through another turn, the nth of so many. */
  onLook: (turn: string, place: number, of: number) => void;
}

interface Properties {
  turn: Turn;
  version: Version | null;
  actions: TurnActions;
}

/** The quiet row under a turn: its other versions, copying, and making another version. */
export function TurnDeeds({ turn, version, actions }: Properties) {
  const { t } = useLanguage();
  if (turn.state === "generating") {
    return version === null ? null : (
      <div className="turn-deeds">
        <Versions version={version} actions={actions} />
      </div>
    );
  }
  return (
    <div className="turn-deeds">
      {version !== null && <Versions version={version} actions={actions} />}
      {turn.text !== "" && <CopyButton text={turn.text} label={t("turn.copy")} />}
      <Button
        type="button"
        unstyled
        className="quiet making"
        onClick={() => (turn.role === "user" ? actions.onEdit(turn) : actions.onAgain(turn))}
      >
        {turn.role === "user" ? t("turn.edit") : t("turn.again")}
      </Button>
      {turn.served !== null && <AnswerRating turn={turn.id} />}
    </div>
  );
}

/**
 * "2 of 3" between two buttons. At the first and last a button stays where it is and does nothing:
 * who goes through the versions by keyboard does not lose their place.
 */
function Versions({ version, actions }: { version: Version; actions: TurnActions }) {
  const { t } = useLanguage();
  const label = useId();
  const { place, of, previous, next } = version;
  return (
    <span className="versions" role="group" aria-labelledby={label}>
      <Button
        type="button"
        unstyled
        className="quiet"
        aria-label={t("turn.previous")}
        aria-disabled={previous === null}
        onClick={() => previous !== null && actions.onLook(previous, place - 1, of)}
      >
        <span aria-hidden="true">‹</span>
      </Button>
      <span id={label}>
        <span className="usa-sr-only">{t("turn.version")} </span>
        {t("turn.placeOf", { place, of })}
      </span>
      <Button
        type="button"
        unstyled
        className="quiet"
        aria-label={t("turn.next")}
        aria-disabled={next === null}
        onClick={() => next !== null && actions.onLook(next, place + 1, of)}
      >
        <span aria-hidden="true">›</span>
      </Button>
    </span>
  );
}
