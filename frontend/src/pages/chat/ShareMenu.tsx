import { Button } from "@trussworks/react-uswds";
import { useCallback, useEffect, useId, useState, type FormEvent } from "react";

import { beginShare, endShare, fetchShares, resumeShare } from "../../api/shares";
import type { Share, Turn } from "../../api/schema";
import { dayIn } from "../../chat/shares";
import { useLanguage } from "../../i18n/context";
import { Sheet } from "../../parts/Sheet";
import { useSession } from "../../session/context";
import { Refused } from "./Refused";
import { ShareList } from "./ShareList";
import { UndoLine } from "./UndoLine";

interface Properties {
  conversation: string;
  /** The path that is shown. */
  turns: readonly Turn[];
  /** The organisation's clock, and where it is. */
  now: string;
  zone: string;
}

const USUAL_DAYS = 7;
const MOST_DAYS = 366;

/** Has others of one's party read a conversation. */
export function ShareMenu(properties: Properties) {
  const { t } = useLanguage();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="usa-button usa-button--unstyled quiet"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        {t("share.button")}
      </button>
      {open && <ShareSheet {...properties} onClose={() => setOpen(false)} />}
    </>
  );
}

function ShareSheet(properties: Properties & { onClose: () => void }) {
  const { conversation, turns, now, zone, onClose } = properties;
  const { t } = useLanguage();
  const { client } = useSession();
  const [shares, setShares] = useState<readonly Share[]>([]);
  const [gone, setGone] = useState<Share | null>(null);
  const [failed, setFailed] = useState(false);
  const load = useCallback(
    (signal?: AbortSignal) =>
      fetchShares(client, signal).then(setShares, () => {
        if (signal?.aborted !== true) {
          setFailed(true);
        }
      }),
    [client],
  );
  useEffect(() => {
    const leaving = new AbortController();
    void load(leaving.signal);
    return () => leaving.abort();
  }, [load]);
  const end = (share: Share) => {
    setFailed(false);
    endShare(client, share.id).then(
      () => {
        setGone(share);
        void load();
      },
      () => setFailed(true),
    );
  };
  return (
    <Sheet heading={t("share.heading")} onClose={onClose}>
      <ShareForm
        turns={turns}
        now={now}
        zone={zone}
        onShare={async (up_to, last_day) => {
          await beginShare(client, conversation, { up_to, last_day });
          await load();
        }}
      />
      {gone !== null && (
        <UndoLine
          words={t("share.ended")}
          focused
          onUndo={async () => {
            await resumeShare(client, gone.id);
            await load();
            setGone(null);
          }}
          onClose={() => setGone(null)}
        />
      )}
      {failed && (
        <p role="alert" className="field-error">
          {t("share.failed")}
        </p>
      )}
      <ShareList shares={shares} zone={zone} onEnd={end} />
      <div className="actions">
        <Button type="button" outline onClick={onClose}>
          {t("share.close")}
        </Button>
      </div>
    </Sheet>
  );
}

interface FormProperties extends Omit<Properties, "conversation"> {
  onShare: (upTo: string, lastDay: string) => Promise<void>;
}

function ShareForm({ turns, now, zone, onShare }: FormProperties) {
  const { t } = useLanguage();
  const id = useId();
  const answers = turns.filter(({ role, state }) => role === "assistant" && state !== "generating");
  const last = answers.at(-1);
  const [upTo, setUpTo] = useState(last?.id ?? "");
  const [day, setDay] = useState(dayIn(zone, now, USUAL_DAYS));
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const [error, setError] = useState<unknown>(null);
  if (last === undefined) {
    return <p>{t("share.nothing")}</p>;
  }
  const share = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setDone(false);
    setError(null);
    onShare(upTo, day)
      .then(() => setDone(true), setError)
      .finally(() => setBusy(false));
  };
  return (
    <form onSubmit={share}>
      <p>{t("share.means")}</p>
      <label className="usa-label" htmlFor={`${id}-to`}>
        {t("share.upTo")}
      </label>
      <select
        id={`${id}-to`}
        className="usa-select"
        value={upTo}
        onChange={(event) => setUpTo(event.currentTarget.value)}
      >
        {[...answers].reverse().map((answer) => (
          <option key={answer.id} value={answer.id}>
            {answer.id === last.id ? t("share.whole") : excerpt(answer.text)}
          </option>
        ))}
      </select>
      <label className="usa-label" htmlFor={`${id}-day`}>
        {t("share.lastDay")}
      </label>
      <input
        id={`${id}-day`}
        type="date"
        className="usa-input"
        required
        min={dayIn(zone, now, 0)}
        max={dayIn(zone, now, MOST_DAYS)}
        value={day}
        onChange={(event) => setDay(event.currentTarget.value)}
      />
      <div className="actions">
        <Button type="submit" disabled={busy}>
          {t("share.share")}
        </Button>
      </div>
      <p role="status">{done && t("share.done")}</p>
      <div role="alert">
        {error !== null && <Refused error={error} otherwise={t("share.failed")} />}
      </div>
    </form>
  );
}

function excerpt(text: string): string {
  const plain = text.replaceAll(/\s+/g, " ").trim();
  return plain.length > 60 ? `${plain.slice(0, 59)}…` : plain;
}
