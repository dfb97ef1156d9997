import { Alert, Button, GridContainer } from "@trussworks/react-uswds";
import { useId, useState } from "react";

import type { JobSeen, Segment, Served } from "../../api/schema";
import { fetchTranslated, goOnTranslating, stopTranslation } from "../../api/translations";
import { bytesOf, download } from "../../download";
import { enumerate } from "../../format";
import { useLanguage } from "../../i18n/context";
import { Link } from "../../parts/Link";
import { OrderLink } from "../../parts/OrderLink";
import { PageHeading } from "../../parts/PageHeading";
import { Said } from "../../parts/Said";
import { orderPath, TRANSLATIONS_PATH } from "../../route";
import { useSession } from "../../session/context";
import { Refused } from "../chat/Refused";
import { SegmentRow } from "./SegmentRow";
import { useTranslation } from "./useTranslation";

const AT_ONCE = 100;
const VIEWS = ["all", "look", "unapproved"] as const;
type View = (typeof VIEWS)[number];

/** One translation: how far it is, who made it, and its segments side by side. */
export function TranslationPage({ id }: { id: string }) {
  const { t } = useLanguage();
  const { seen, segments, missing, lost, take } = useTranslation(id);
  return (
    <GridContainer className="page translations">
      <p className="above">
        <Link href={TRANSLATIONS_PATH}>{t("translation.all")}</Link>
      </p>
      <PageHeading text={seen === null ? t("translations.heading") : seen.line.name} />
      {missing && <p>{t("translation.missing")}</p>}
      {lost && !missing && <p role="alert">{t("translations.lost")}</p>}
      {seen === null && !lost && <p role="status">{t("translation.loading")}</p>}
      {seen !== null && (
        <>
          <Standing seen={seen} take={take} />
          <Notice seen={seen} />
          <Segments seen={seen} segments={segments} take={take} />
        </>
      )}
    </GridContainer>
  );
}

interface OfJob {
  seen: JobSeen;
  take: (seen: JobSeen) => void;
}

/** Which languages, how far it is, and what can be done with all of it. */
function Standing({ seen, take }: OfJob) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const [error, setError] = useState<unknown>(null);
  const { line, halt } = seen;
  const { waiting = 0, machine = 0, failed = 0, edited = 0, approved = 0 } = line.counts;
  const all = waiting + machine + failed + edited + approved;
  const act = (done: Promise<JobSeen>) => {
    setError(null);
    done.then(take, setError);
  };
  const save = () => {
    setError(null);
    fetchTranslated(client, line.id).then(
      ({ name, content, type }) => download(name, bytesOf(content), type),
      setError,
    );
  };
  return (
    <>
      <p>
        {t("translations.pair", {
          from: seen.from_language.name[language],
          to: seen.to_language.name[language],
        })}
        {seen.detected && <> ({t("translation.detected")})</>}
        {seen.register !== "" && <> · {t(`translations.register.${seen.register}`)}</>}
      </p>
      <p className="translation-progress">
        <progress max={all} value={all - waiting} aria-label={t("translation.progress")} />{" "}
        {t("translation.progressOf", { done: all - waiting, count: all })}
        {failed > 0 && <> · {t("translations.toLookAt", { count: failed })}</>}
      </p>
      <p role="status">{t(`translations.state.${line.state}`)}</p>
      {halt !== null && halt !== undefined && (
        <Alert type="warning" slim noIcon>
          {halt.words[language]}{" "}
          {typeof halt.order === "string" && <Link href={orderPath(halt.order)}>{halt.order}</Link>}
        </Alert>
      )}
      {seen.notes.map((note) => (
        <p key={note} className="muted">
          <Said>{note}</Said>
        </p>
      ))}
      <p className="collection-acts">
        {line.state === "running" ? (
          <Button type="button" outline onClick={() => act(stopTranslation(client, line.id))}>
            {t("translation.stop")}
          </Button>
        ) : (
          waiting > 0 && (
            <Button type="button" onClick={() => act(goOnTranslating(client, line.id))}>
              {t("translation.goOn")}
            </Button>
          )
        )}
        <Button type="button" outline={waiting > 0} onClick={save}>
          {t("translation.download", { form: t(`translation.form.${line.form}`) })}
        </Button>
      </p>
      <div role="alert">
        {error !== null && <Refused error={error} otherwise={t("translation.downloadFailed")} />}
      </div>
    </>
  );
}

/** That a machine translated, and which: it stands in the file too. */
function Notice({ seen }: { seen: JobSeen }) {
  const { language, t } = useLanguage();
  const id = useId();
  const orders = new Map(
    seen.served.flatMap(({ instruments }) => instruments).map((order) => [order.id, order]),
  );
  return (
    <section className="translation-notice" aria-labelledby={id}>
      <h2 id={id}>{t("translation.notice")}</h2>
      <p>{seen.notice[language]}</p>
      {seen.glossaries.length > 0 && (
        <p>
          {t("translation.glossaries")}: {enumerate(language, seen.glossaries)}
        </p>
      )}
      {orders.size > 0 && (
        <>
          <p>{t("translation.orders")}:</p>
          <ul>
            {[...orders.values()].map((order) => (
              <li key={order.id}>
                <OrderLink order={order} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Segments({ seen, segments, take }: OfJob & { segments: readonly Segment[] }) {
  const { t } = useLanguage();
  const id = useId();
  const [view, setView] = useState<View>("all");
  const [most, setMost] = useState(AT_ONCE);
  // What one is at work on stays where it is, also once it fits the view no more.
  const [chosen, setChosen] = useState<ReadonlySet<number> | null>(null);
  const fitting = segments.filter((one) => chosen?.has(one.number) ?? true);
  const shown = fitting.slice(0, most);
  const choose = (next: View) => {
    setView(next);
    setMost(AT_ONCE);
    setChosen(
      next === "all"
        ? null
        : new Set(segments.filter((one) => fits(next, one)).map(({ number }) => number)),
    );
  };
  return (
    <>
      <div className="segment-view">
        <div className="field-group">
          <label htmlFor={id}>{t("translation.show")}</label>
          <select
            id={id}
            value={view}
            onChange={(event) =>
              choose(VIEWS.find((one) => one === event.currentTarget.value) ?? "all")
            }
          >
            {VIEWS.map((one) => (
              <option key={one} value={one}>
                {t(`translation.show.${one}`)}
              </option>
            ))}
          </select>
        </div>
      </div>
      <p className="muted">{t("translation.keys")}</p>
      {shown.length === 0 && <p className="nothing">{t("translation.noneShown")}</p>}
      <ol className="segments" aria-label={t("translation.list")}>
        {shown.map((segment, place) => (
          <WithSeam key={segment.number} seen={seen} before={shown[place - 1]} segment={segment}>
            <SegmentRow seen={seen} segment={segment} onKept={take} />
          </WithSeam>
        ))}
      </ol>
      {fitting.length > shown.length && (
        <Button type="button" outline onClick={() => setMost(most + AT_ONCE)}>
          {t("translation.more", { count: Math.min(AT_ONCE, fitting.length - shown.length) })}
        </Button>
      )}
    </>
  );
}

interface SeamProperties {
  seen: JobSeen;
  before: Segment | undefined;
  segment: Segment;
  children: React.ReactNode;
}

/** A segment, under a seam where another model's begin. */
function WithSeam({ seen, before, segment, children }: SeamProperties) {
  const { language, t } = useLanguage();
  const was = servedOf(seen, before);
  const is = servedOf(seen, segment);
  const turned = was !== null && is !== null && was.route !== is.route;
  return (
    <>
      {turned && (
        <li className="segment-seam">
          {t("translation.seam", { model: is.model_name, before: was.model_name })}{" "}
          {is.why[language]}
        </li>
      )}
      {children}
    </>
  );
}

function servedOf(seen: JobSeen, segment: Segment | undefined): Served | null {
  const by = segment?.by;
  return typeof by === "number" ? (seen.served[by] ?? null) : null;
}

function fits(view: View, { state }: Segment): boolean {
  switch (view) {
    case "look":
      return state === "failed";
    case "unapproved":
      return state !== "approved" && state !== "waiting";
    default:
      return true;
  }
}
