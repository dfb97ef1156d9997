import { Button, GridContainer } from "@trussworks/react-uswds";
import { useCallback, useMemo, useState } from "react";

import type { Client } from "../../../api/client";
import type {
  DocumentPage as Told,
  OfficersDraft,
  ReviewedDraft,
  SuggestedDrafts,
} from "../../../api/schema";
import { useLanguage } from "../../../i18n/context";
import { Connection } from "../../../parts/Connection";
import { Link } from "../../../parts/Link";
import { PageHeading } from "../../../parts/PageHeading";
import { Section } from "../../../parts/Section";
import { knownValue } from "../../../polling";
import { areaPath, go, orderPath } from "../../../route";
import { useSession } from "../../../session/context";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import { usePage } from "../../administration/usePage";
import { Claims, Unknown } from "./Beside";
import { Capture } from "./Capture";
import { DraftFields } from "./DraftFields";
import { segments, type Mark } from "./marks";
import { Merging } from "./Merging";
import { Said } from "../../../parts/Said";

/** A model may read a long document for two minutes. */
const MODEL_PATIENCE_MS = 150_000;

const POLL_MS = 10_000;

/** A document beside what was read in it; what is pointed at on one side is marked on the other. */
export function DocumentPage({ id }: { id: string }) {
  const { t } = useLanguage();
  const load = useCallback(
    (client: Client, signal: AbortSignal) =>
      client.get<Told>(`/api/desk/documents/${encodeURIComponent(id)}`, signal),
    [id],
  );
  const asked = usePage(load, POLL_MS);
  const page = knownValue(asked.polled);
  return (
    <GridContainer className="page">
      <PageHeading text={page?.line.name ?? t("documents.heading")} />
      <Connection {...asked} loading="documents.loading" />
      <p>
        <Link href={areaPath("documents")}>{t("documents.all")}</Link>
      </p>
      {page !== null && <Beside page={page} again={asked.again} />}
    </GridContainer>
  );
}

function Beside({ page, again }: { page: Told; again: () => void }) {
  const { t } = useLanguage();
  const [pointed, point] = useState<string | null>(null);
  return (
    <div className="document-page">
      <Section heading={t("documents.text")}>
        {page.text == null ? (
          <p>
            {t("documents.noText")} {page.why != null && <Said>{page.why}</Said>}
          </p>
        ) : (
          <Text page={page} text={page.text} pointed={pointed} />
        )}
        {(page.marked ?? []).length > 0 && (
          <p className="muted">
            {t("documents.mayBear", { count: (page.marked ?? []).length })}
          </p>
        )}
        {(page.notes ?? []).map((note) => (
          <p key={note} className="muted">
            <Said>{note}</Said>
          </p>
        ))}
      </Section>
      <div>
        <Section heading={t("documents.drafts")}>
          {page.asks === true && page.text != null && <AskModel page={page} again={again} />}
          {page.drafts.length === 0 && <p className="nothing">{t("documents.noDrafts")}</p>}
          {page.drafts.map((one) => (
            <Reviewing
              key={one.draft.id}
              one={one}
              page={page}
              again={again}
              pointed={pointed === one.draft.id}
              point={point}
            />
          ))}
        </Section>
        <Capture line={page.line} />
        <Claims claims={page.claims} lang={page.language} />
        <Unknown names={page.unknown} />
      </div>
    </div>
  );
}

/** Asks the model that is bound to intake; what it suggests comes among the drafts, marked. */
function AskModel({ page, again }: { page: Told; again: () => void }) {
  const { t } = useLanguage();
  const { client } = useSession();
  const [told, setTold] = useState<SuggestedDrafts | null>(null);
  const path = `/api/desk/documents/${page.line.sha256}/suggestions`;
  const asking = useDeed(
    () => client.send<SuggestedDrafts>("POST", path, {}, MODEL_PATIENCE_MS),
    (answer) => {
      setTold(answer);
      again();
    },
  );
  return (
    <div className="ask-model">
      <Button type="button" outline disabled={asking.pending} onClick={() => asking.go()}>
        {t(asking.pending ? "documents.asking" : "documents.ask")}
      </Button>
      <TroubleAlert trouble={asking.trouble} />
      <div role="status">
        {told !== null && (
          <>
            <p>{t("documents.asked", { count: told.drafts, model: told.by })}</p>
            {told.notes.map((note) => (
              <p key={note} className="muted">
                <Said>{note}</Said>
              </p>
            ))}
          </>
        )}
      </div>
    </div>
  );
}

/** Marks sentences of which no draft was made and that a person should read. */
const MAY_BEAR = "may-bear";

function classOf(ids: readonly string[], pointed: string | null): string {
  if (ids.every((id) => id === MAY_BEAR)) {
    return MAY_BEAR;
  }
  return pointed !== null && ids.includes(pointed) ? "pointed" : "";
}

interface TextProperties {
  page: Told;
  text: string;
  pointed: string | null;
}

function Text({ page, text, pointed }: TextProperties) {
  const marks = useMemo<Mark[]>(
    () => [
      ...page.drafts.flatMap(({ draft }) =>
        [draft.quote, ...(draft.also ?? []), ...Object.values(draft.fields ?? {})].map(
          ({ start, end }, place) => ({ id: draft.id, start, end, head: place === 0 }),
        ),
      ),
      ...(page.marked ?? []).map(({ start, end }) => ({ id: MAY_BEAR, start, end, head: false })),
    ],
    [page.drafts, page.marked],
  );
  const names = new Map(page.drafts.map(({ draft }, index) => [draft.id, index + 1]));
  return (
    <div className="document-text" lang={page.language === "und" ? undefined : page.language}>
      {segments(text, marks).map((segment, index) =>
        segment.ids.length === 0 ? (
          <span key={index}>{segment.text}</span>
        ) : (
          <mark
            key={index}
            id={segment.begins.map((id) => `mark-${id}`)[0]}
            tabIndex={-1}
            className={classOf(segment.ids, pointed)}
          >
            {segment.begins.map((id) => (
              <sup key={id}>{names.get(id)}</sup>
            ))}
            {segment.text}
          </mark>
        ),
      )}
    </div>
  );
}

interface ReviewingProperties {
  one: ReviewedDraft;
  page: Told;
  again: () => void;
  pointed: boolean;
  point: (id: string | null) => void;
}

function Reviewing({ one, page, again, pointed, point }: ReviewingProperties) {
  const { t } = useLanguage();
  const { client } = useSession();
  const [merging, setMerging] = useState(false);
  const { draft, reviewed, issued_as } = one;
  const number = page.drafts.indexOf(one) + 1;
  const where = `/api/desk/documents/drafts/${encodeURIComponent(draft.id)}`;
  const { version, review } = reviewed;
  const accepting = useDeed(
    (take: Record<string, string>) =>
      client.send<OfficersDraft>("POST", `${where}/acceptance`, { version, take }),
    (made) => go(areaPath("drafts", made.id)),
  );
  const deciding = useDeed(
    (verdict: string) => client.send("POST", `${where}/decision`, { verdict, version }),
    again,
  );
  const reopening = useDeed(() => client.send("POST", `${where}/reopening`, { version }), again);
  const heading = t("documents.draft", { number, action: t(`documents.action.${draft.action}`) });
  return (
    <article
      className={pointed ? "read-draft pointed" : "read-draft"}
      onMouseEnter={() => point(draft.id)}
      onMouseLeave={() => point(null)}
      onFocus={() => point(draft.id)}
      aria-label={heading}
    >
      <h3>{heading}</h3>
      <DraftFields draft={draft} lang={page.language} />
      <p>
        <Button type="button" unstyled onClick={() => show(draft.id)}>
          {t("documents.show")}
          <span className="usa-sr-only"> {heading}</span>
        </Button>
      </p>
      <TroubleAlert trouble={accepting.trouble ?? deciding.trouble ?? reopening.trouble} />
      {issued_as != null ? (
        <p>
          {t("documents.issued")} <Link href={orderPath(issued_as)}>{issued_as}</Link>
        </p>
      ) : review != null ? (
        <p>
          {t(`documents.verdict.${review.verdict}`, { name: reviewed.by ?? "" })}{" "}
          {review.draft != null && (
            <Link href={areaPath("drafts", review.draft)}>{t("documents.toDraft")}</Link>
          )}{" "}
          {review.reason}{" "}
          <Button type="button" unstyled onClick={() => reopening.go()}>
            {t("documents.undo")}
          </Button>
        </p>
      ) : (
        <div className="buttons">
          <Button type="button" onClick={() => accepting.go({})}>
            {t("documents.accept")}
          </Button>
          <Button type="button" outline onClick={() => setMerging(true)}>
            {t("documents.merge")}
          </Button>
          <Button type="button" outline onClick={() => deciding.go("rejected")}>
            {t("documents.reject")}
          </Button>
          <Button type="button" outline onClick={() => deciding.go("not-an-order")}>
            {t("documents.notAnOrder")}
          </Button>
        </div>
      )}
      {merging && (
        <Merging
          draft={draft}
          onClose={() => setMerging(false)}
          onMerge={(take) => accepting.go(take)}
        />
      )}
    </article>
  );
}

/** Brings a draft's words into sight and gives them the focus. */
function show(draft: string): void {
  const mark = document.getElementById(`mark-${draft}`);
  mark?.scrollIntoView({ block: "center" });
  mark?.focus();
}
