import { Alert, AlertHeading, AlertText, Button } from "@trussworks/react-uswds";
import { useCallback, useEffect } from "react";

import type { Client } from "../../../api/client";
import {
  fetchEffects,
  fetchSet,
  moveSet,
  reverseSet,
  settleSet,
  writeSet,
  type Edit,
  type EditProblem,
  type EditSet,
  type EditsPreviewed,
} from "../../../api/directory";
import type { DraftProblem } from "../../../api/drafts";
import { useLanguage } from "../../../i18n/context";
import { Connection } from "../../../parts/Connection";
import { Link } from "../../../parts/Link";
import { PageHeading } from "../../../parts/PageHeading";
import { Section } from "../../../parts/Section";
import { knownValue } from "../../../polling";
import { areaPath, go } from "../../../route";
import { personOf, useSession } from "../../../session/context";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import { usePage } from "../../administration/usePage";
import { Changes } from "../Changes";
import type { Known } from "./DirectoryPage";
import { labelOf } from "./fields";
import { listed, valueWords } from "./words";
import { EditForm } from "./Writing";
import { Said } from "../../../parts/Said";

const POLL_MS = 5_000;

interface Properties {
  id: string;
  /** The edit that is written, by its number in the set from 0; null shows the set. */
  place: string | null;
  known: Known;
  again: () => void;
}

interface Shown {
  set: EditSet;
  effects: EditsPreviewed;
}

/** A set of edits: what it holds, what recording it would do, and recording it. */
export function SetPage({ id, place, known, again }: Properties) {
  const { t } = useLanguage();
  const load = useCallback(
    async (client: Client, signal: AbortSignal): Promise<Shown> => ({
      set: await fetchSet(client, id, signal),
      effects: await fetchEffects(client, id, signal),
    }),
    [id],
  );
  const asked = usePage(load, POLL_MS);
  const shown = knownValue(asked.polled);
  const index = place === null ? null : Number(place);
  const edit = index === null ? undefined : shown?.set.edits.edits[index];
  return (
    <>
      <PageHeading text={t("directory.set")} />
      <Connection {...asked} loading="directory.loading" />
      <p>
        <Link href={areaPath("directory")}>{t("directory.all")}</Link>
      </p>
      {shown !== null && index !== null && edit?.form != null && (
        <EditForm
          name={`directory.${id}.${index}`}
          kind={edit.kind}
          id={edit.was === null ? null : edit.id}
          form={edit.form}
          was={edit.was}
          problems={shown.effects.problems.flatMap((one) => within(one, edit, index))}
          known={known}
          into={{ set: shown.set, index }}
          onBack={() => go(areaPath("directory", "edits", id))}
        />
      )}
      {shown !== null && place === null && (
        <Set
          shown={shown}
          known={known}
          again={() => {
            asked.again();
            again();
          }}
        />
      )}
    </>
  );
}

/** A problem as the edit's own form knows its places. */
function within(problem: EditProblem, edit: Edit, index: number): DraftProblem[] {
  if (problem.edit !== index) {
    return [];
  }
  const below = problem.path.slice(problem.path.indexOf(edit.id) + edit.id.length);
  return [{ path: `$${below}`, what: problem.what, do: problem.do ?? "" }];
}

interface SetProperties {
  shown: Shown;
  known: Known;
  again: () => void;
}

function Set({ shown: { set, effects }, known, again }: SetProperties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const { edits } = set.edits;
  const dropping = useDeed(
    (index: number) =>
      writeSet(
        client,
        set.id,
        set.version,
        edits.filter((_, place) => place !== index),
      ),
    again,
  );
  const elsewhere = effects.problems.filter(({ edit }) => edit == null);
  return (
    <>
      <p role="status">{t(`directory.isMeans.${set.state}`, { name: set.edits.entry?.by ?? "" })}</p>
      {set.state === "open" && effects.overtaken.length > 0 && (
        <Overtaken set={set} again={again} />
      )}
      <TroubleAlert trouble={dropping.trouble} />
      <Section heading={t("directory.edits")}>
        {edits.length === 0 && <p className="nothing">{t("directory.noEdits")}</p>}
        {edits.map((edit, index) => (
          <article key={`${edit.kind} ${edit.id} ${index}`} className="read-draft">
            <h3>
              {t(`directory.one.${edit.kind}`)} <code translate="no">{edit.id}</code>
            </h3>
            <Differing edit={edit} />
            {effects.problems
              .filter((problem) => problem.edit === index)
              .map((problem) => (
                <Problem key={problem.path + problem.what} problem={problem} />
              ))}
            {set.state === "open" && (
              <div className="buttons">
                {edit.form !== null && (
                  <Link
                    className="usa-button usa-button--outline"
                    href={areaPath("directory", "edits", set.id, String(index))}
                  >
                    {t("directory.edit")}
                    <span className="usa-sr-only"> {edit.id}</span>
                  </Link>
                )}
                <Button type="button" outline onClick={() => dropping.go(index)}>
                  {t("directory.drop")}
                  <span className="usa-sr-only"> {edit.id}</span>
                </Button>
              </div>
            )}
          </article>
        ))}
        {elsewhere.map((problem) => (
          <Problem key={problem.path + problem.what} problem={problem} />
        ))}
      </Section>
      {set.state !== "recorded" && set.state !== "removed" && (
        <Section heading={t("preview.heading")}>
          {effects.refusal !== "" && (
            <Alert type="error">
              <AlertHeading level="h3">{t("directory.refused")}</AlertHeading>
              <AlertText>
                <Said>{effects.refusal}</Said>
              </AlertText>
            </Alert>
          )}
          {effects.problems.length > 0 && <p>{t("directory.notWhole")}</p>}
          {effects.ready && effects.services.length === 0 && <p>{t("directory.movesNobody")}</p>}
          {effects.services.length > 0 && (
            <Changes
              changes={effects.services}
              speaker={{ t, language, zone: known.directory.zone }}
            />
          )}
        </Section>
      )}
      <Doing set={set} effects={effects} again={again} />
    </>
  );
}

function Differing({ edit }: { edit: Edit }) {
  const { t } = useLanguage();
  const { form, was } = edit;
  if (form === null) {
    return <p>{t("directory.isRemoved")}</p>;
  }
  const fields = [...new globalThis.Set([...Object.keys(was ?? {}), ...Object.keys(form)])].filter(
    (field) => JSON.stringify(was?.[field]) !== JSON.stringify(form[field]),
  );
  return (
    <>
      {was === null && <p>{t("directory.isAdded")}</p>}
      {fields.length === 0 && <p>{t("directory.isSame")}</p>}
      <dl className="facts">
        {fields.map((field) => (
          <div key={field}>
            <dt>{t(labelOf(edit.kind, field))}</dt>
            <dd>
              {was === null ? (
                valueWords(form[field])
              ) : (
                <BeforeAndAfter before={was[field]} after={form[field]} />
              )}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** A value before and after; of a list only what came to it and what left it. */
function BeforeAndAfter({ before, after }: { before: unknown; after: unknown }) {
  const { t } = useLanguage();
  const lists = listed(before, after);
  if (lists !== null && lists.more.length + lists.fewer.length > 0) {
    return (
      <>
        {lists.more.length > 0 && <p>{t("directory.more_", { what: lists.more.join(", ") })}</p>}
        {lists.fewer.length > 0 && <p>{t("directory.fewer", { what: lists.fewer.join(", ") })}</p>}
      </>
    );
  }
  return (
    <>
      {valueWords(before)} <span aria-hidden="true">→</span>{" "}
      <span className="usa-sr-only">{t("preview.then")} </span>
      {valueWords(after)}
    </>
  );
}

function Problem({ problem }: { problem: EditProblem }) {
  return (
    <p className="field-error">
      <code translate="no">{problem.path}</code>: <Said>{`${problem.what} ${problem.do}`.trim()}</Said>
    </p>
  );
}

function Overtaken({ set, again }: { set: EditSet; again: () => void }) {
  const { t } = useLanguage();
  const { client } = useSession();
  const taking = useDeed(() => moveSet(client, set.id, "taking-up", set.version), again);
  return (
    <div role="alert">
      <Alert type="warning">
        <AlertHeading level="h2">{t("directory.overtaken")}</AlertHeading>
        <AlertText>{t("directory.overtakenMeans")}</AlertText>
        <TroubleAlert trouble={taking.trouble} />
        <Button type="button" outline onClick={() => taking.go()}>
          {t("directory.takeUp")}
        </Button>
      </Alert>
    </div>
  );
}

/** What can be done with the set as it stands. */
function Doing({ set, effects, again }: { set: EditSet; effects: EditsPreviewed; again: () => void }) {
  const { t } = useLanguage();
  const { client, standing } = useSession();
  const settling = useDeed(
    (how: "entry" | "confirmation") => settleSet(client, set.id, how, set.version, effects.seen),
    again,
  );
  const moving = useDeed(
    (how: "removal" | "restoration" | "withdrawal") => moveSet(client, set.id, how, set.version),
    again,
  );
  const reversing = useDeed(
    () => reverseSet(client, set.id),
    (made) => go(areaPath("directory", "edits", made.id)),
  );
  const trouble = settling.trouble ?? moving.trouble ?? reversing.trouble;
  const failed = trouble !== null;
  useEffect(() => {
    if (failed) {
      again();
    }
  }, [failed]);
  const mine = set.edits.entry?.account === personOf(standing)?.id;
  const busy = settling.pending || moving.pending || reversing.pending;
  return (
    <Section heading={t("act.heading")}>
      <TroubleAlert trouble={trouble} />
      {set.state === "open" && (
        <p>{t(effects.needs_second ? "directory.needsSecond" : "directory.needsNoSecond")}</p>
      )}
      {set.state === "entered" && mine && <p>{t("directory.yours")}</p>}
      <div className="buttons">
        {set.state === "open" && (
          <>
            <Button
              type="button"
              disabled={!effects.ready || busy}
              onClick={() => settling.go("entry")}
            >
              {t(effects.needs_second ? "directory.enter" : "directory.record")}
            </Button>
            <Button type="button" outline disabled={busy} onClick={() => moving.go("removal")}>
              {t("directory.discard")}
            </Button>
          </>
        )}
        {set.state === "entered" && (
          <>
            <Button
              type="button"
              disabled={mine || !effects.ready || busy}
              onClick={() => settling.go("confirmation")}
            >
              {t("directory.confirm")}
            </Button>
            <Button type="button" outline disabled={busy} onClick={() => moving.go("withdrawal")}>
              {t("act.withdraw")}
            </Button>
          </>
        )}
        {set.state === "removed" && (
          <Button type="button" disabled={busy} onClick={() => moving.go("restoration")}>
            {t("directory.restore")}
          </Button>
        )}
        {set.state === "recorded" && (
          <Button type="button" outline disabled={busy} onClick={() => reversing.go()}>
            {t("directory.reverse")}
          </Button>
        )}
      </div>
    </Section>
  );
}
