import { Button } from "@trussworks/react-uswds";
import { useId, useState, type FormEvent } from "react";

import type { Feedback, NewFeedback } from "../../api/schema";
import { useAnnounce } from "../../chat/announcing";
import { useRatings, type Rating } from "../../chat/feedback";
import { useLanguage } from "../../i18n/context";
import { Sheet } from "../../parts/Sheet";
import { Refused } from "./Refused";

const LONGEST = 2000;
const RATINGS = ["helpful", "not-helpful"] as const;

/** Whether an answer helped: two buttons, of which a second press takes it back. */
export function AnswerRating({ turn }: { turn: string }) {
  const ratings = useRatings();
  return ratings === null ? null : <Rated turn={turn} ratings={ratings} />;
}

function Rated({ turn, ratings }: { turn: string; ratings: Rating }) {
  const { t } = useLanguage();
  const announce = useAnnounce();
  const [asking, setAsking] = useState(false);
  const [failed, setFailed] = useState(false);
  const said = ratings.of(turn);
  const say = (rating: Feedback["rating"]) => {
    const wanted = said?.rating === rating ? null : { rating, words: said?.words ?? "" };
    setFailed(false);
    ratings.say(turn, wanted).then(
      () => announce(t(wanted === null ? "rating.takenBack" : "rating.thanks")),
      () => setFailed(true),
    );
  };
  return (
    <>
      {RATINGS.map((rating) => (
        <Button
          key={rating}
          type="button"
          unstyled
          className="quiet"
          aria-pressed={said?.rating === rating}
          onClick={() => say(rating)}
        >
          {t(`rating.${rating}`)}
        </Button>
      ))}
      {said !== null && (
        <Button
          type="button"
          unstyled
          className="quiet"
          aria-haspopup="dialog"
          onClick={() => setAsking(true)}
        >
          {t(said.words === "" ? "rating.why" : "rating.changeWhy")}
        </Button>
      )}
      {failed && (
        <span role="alert" className="field-error">
          {t("rating.failed")}
        </span>
      )}
      {asking && said !== null && (
        <WhySheet
          said={said}
          onSay={(wanted) => ratings.say(turn, wanted)}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

interface WhyProperties {
  said: Feedback;
  onSay: (wanted: NewFeedback) => Promise<void>;
  onClose: () => void;
}

function WhySheet({ said, onSay, onClose }: WhyProperties) {
  const { t } = useLanguage();
  const announce = useAnnounce();
  const field = useId();
  const [words, setWords] = useState(said.words);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const save = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    onSay({ rating: said.rating, words }).then(
      () => {
        announce(t("rating.thanks"));
        onClose();
      },
      (refused: unknown) => {
        setError(refused);
        setBusy(false);
      },
    );
  };
  return (
    <Sheet heading={t("rating.whyHeading")} busy={busy} toField onClose={onClose}>
      <form onSubmit={save}>
        <label className="usa-label" htmlFor={field}>
          {t("rating.words")}
        </label>
        <textarea
          id={field}
          className="usa-textarea"
          rows={4}
          maxLength={LONGEST}
          value={words}
          aria-describedby={`${field}-hint`}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <p id={`${field}-hint`} className="muted">
          {t("rating.hint")}
        </p>
        <div role="alert">
          {error !== null && <Refused error={error} otherwise={t("rating.failed")} />}
        </div>
        <div className="actions">
          <Button type="submit" disabled={busy}>
            {t("rating.save")}
          </Button>
          <Button type="button" outline disabled={busy} onClick={onClose}>
            {t("rating.cancel")}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
