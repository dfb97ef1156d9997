import { Button } from "@trussworks/react-uswds";
import { useEffect, useId, useState, type FormEvent } from "react";

import { fetchCollections } from "../../api/collections";
import type { AskedCollection, CollectionShelf } from "../../api/schema";
import type { AskedHere } from "../../chat/useAsked";
import { enumerate } from "../../format";
import { useLanguage } from "../../i18n/context";
import { Link } from "../../parts/Link";
import { Sheet } from "../../parts/Sheet";
import { COLLECTIONS_PATH } from "../../route";
import { useSession } from "../../session/context";
import { Refused } from "./Refused";

/** The collections that the conversation asks, each with a button that leaves it out. */
export function AskedChips({ asked }: { asked: AskedHere }) {
  const { t } = useLanguage();
  const [error, setError] = useState<unknown>(null);
  if (asked.collections.length === 0) {
    return null;
  }
  const leaveOut = (id: string) => {
    setError(null);
    asked
      .ask(asked.collections.filter((one) => one.id !== id).map((one) => one.id))
      .catch(setError);
  };
  return (
    <>
      <ul className="attached" aria-label={t("asked.list")}>
        {asked.collections.map((one) => (
          <li key={one.id} className={one.standing === "open" ? "file" : "file stop"}>
            <span dir="auto">{one.name}</span> <Standing collection={one} />{" "}
            <Button
              type="button"
              unstyled
              className="quiet"
              aria-label={t("asked.leaveOut", { name: one.name })}
              onClick={() => leaveOut(one.id)}
            >
              <span aria-hidden="true">×</span>
            </Button>
          </li>
        ))}
      </ul>
      {error !== null && (
        <div role="alert">
          <Refused error={error} otherwise={t("asked.failed")} />
        </div>
      )}
    </>
  );
}

function Standing({ collection }: { collection: AskedCollection }) {
  const { language, t } = useLanguage();
  const { standing, counts, ask } = collection;
  if (standing === "open") {
    return <span className="muted">{t("collections.files", { count: counts.files })}</span>;
  }
  return (
    <span>
      {t(`asked.${standing}`)}
      {ask.length > 0 && <> {t("asked.whom", { names: enumerate(language, [...ask]) })}</>}
    </span>
  );
}

interface SheetProperties {
  asked: AskedHere;
  onClose: () => void;
}

/** Asks which collections the conversation is to ask. */
export function CollectionSheet({ asked, onClose }: SheetProperties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const id = useId();
  const [shelf, setShelf] = useState<CollectionShelf | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(
    new Set(asked.collections.map((one) => one.id)),
  );
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    const gone = new AbortController();
    fetchCollections(client, gone.signal).then(setShelf, (failed: unknown) => {
      if (!gone.signal.aborted) {
        setError(failed);
      }
    });
    return () => gone.abort();
  }, [client]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    asked.ask([...chosen]).then(onClose, (refused: unknown) => {
      setError(refused);
      setBusy(false);
    });
  };
  const choose = (collection: string, yes: boolean) => {
    const next = new Set(chosen);
    if (yes) {
      next.add(collection);
    } else {
      next.delete(collection);
    }
    setChosen(next);
  };
  return (
    <Sheet heading={t("asked.heading")} busy={busy} onClose={onClose}>
      <p>{t("asked.means")}</p>
      <form onSubmit={submit}>
        {shelf === null && error === null && <p role="status">{t("collections.loading")}</p>}
        {shelf !== null && shelf.collections.length === 0 && <p>{t("asked.none")}</p>}
        {shelf !== null && shelf.collections.length > 0 && (
          <fieldset className="choices">
            <legend className="usa-sr-only">{t("asked.heading")}</legend>
            {shelf.collections.map((one) => (
              <div className="choice" key={one.id}>
                <input
                  type="checkbox"
                  id={`${id}-${one.id}`}
                  checked={chosen.has(one.id)}
                  onChange={(event) => choose(one.id, event.currentTarget.checked)}
                />
                <label htmlFor={`${id}-${one.id}`}>
                  <strong dir="auto">{one.name}</strong>{" "}
                  <span>
                    {one.party_name[language]},{" "}
                    {t("collections.files", { count: one.counts.files })}
                  </span>
                  {one.description !== "" && (
                    <span dir="auto" className="described">
                      {one.description}
                    </span>
                  )}
                </label>
              </div>
            ))}
          </fieldset>
        )}
        <div role="alert">
          {error !== null && <Refused error={error} otherwise={t("asked.failed")} />}
        </div>
        <div className="actions">
          <Button type="submit" disabled={busy || shelf === null}>
            {t("asked.save")}
          </Button>
          <Button type="button" outline disabled={busy} onClick={onClose}>
            {t("collections.cancel")}
          </Button>
        </div>
      </form>
      <p>
        <Link href={COLLECTIONS_PATH}>{t("asked.look")}</Link>
      </p>
    </Sheet>
  );
}
