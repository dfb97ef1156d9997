import { Alert, AlertHeading, AlertText, Button } from "@trussworks/react-uswds";
import { useEffect, useState } from "react";

import { enterDraft, type Choices, type Draft } from "../../../api/drafts";
import { useLanguage } from "../../../i18n/context";
import { Link } from "../../../parts/Link";
import { PageHeading } from "../../../parts/PageHeading";
import { Section } from "../../../parts/Section";
import { areaPath, go, orderPath, preparedPath } from "../../../route";
import { useSession } from "../../../session/context";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import { Timing } from "../Timing";
import { ActForm } from "./ActForm";
import { DraftEffects } from "./DraftEffects";
import { titleOf } from "./DraftList";
import { differences, textAt, valueAt, written } from "./form";
import { useDraft, type Drafting } from "./useDraft";
import { useDraftPreview } from "./useDraftPreview";
import { WritingContext } from "./writing";
import { Said } from "../../../parts/Said";

interface Properties {
  /** The draft as the server told it last. */
  told: Draft;
  choices: Choices;
}

/** A draft that is written on; one that was entered or issued is only shown where it went. */
export function DraftPage({ told, choices }: Properties) {
  const { language, t } = useLanguage();
  const heading = titleOf(told, language);
  return (
    <>
      <PageHeading text={heading === told.id ? t(`drafts.act.${told.act}`) : heading} />
      <p>
        {t(`drafts.act.${told.act}`)}.{" "}
        <Link href={areaPath("drafts")}>{t("drafts.all")}</Link>
      </p>
      {told.state === "open" ? <Open told={told} choices={choices} /> : <Settled draft={told} />}
    </>
  );
}

function Settled({ draft }: { draft: Draft }) {
  const { t } = useLanguage();
  const { instrument } = draft;
  return (
    <Alert type="info">
      <AlertHeading level="h2">{t(`drafts.is.${draft.state}`)}</AlertHeading>
      <AlertText>{t(`drafts.isMeans.${draft.state}`)}</AlertText>
      {instrument !== null && draft.state !== "removed" && (
        <AlertText>
          <Link href={draft.state === "issued" ? orderPath(instrument) : preparedPath(instrument)}>
            {t("drafts.toIt")}
          </Link>
        </AlertText>
      )}
    </Alert>
  );
}

function Open({ told, choices }: Properties) {
  const { t } = useLanguage();
  const { client } = useSession();
  const drafting = useDraft(told);
  const { draft, form, saving } = drafting;
  const [atOnce, setAtOnce] = useState(false);
  const previewing = useDraftPreview(draft.id, draft.version, atOnce, saving === "saved");
  const { preview } = previewing;
  const effective = preview?.preview?.instrument ?? null;
  const entering = useDeed(
    (seen: string) =>
      enterDraft(client, draft.id, { version: draft.version, at_once: atOnce, seen }),
    ({ instrument, issued }) => go(issued ? orderPath(instrument) : preparedPath(instrument)),
  );
  const { trouble } = entering;
  const overtaken = trouble?.kind === "refused" && trouble.detail?.code === "preview_overtaken";
  useEffect(() => {
    if (overtaken) {
      previewing.again();
    }
  }, [overtaken]);
  const ready =
    saving === "saved" && preview?.version === draft.version && preview.preview !== null;
  return (
    <WritingContext value={{ form, choices, problems: draft.problems, put: drafting.put }}>
      <SavingLine drafting={drafting} />
      {drafting.theirs !== null && <Overtaken drafting={drafting} theirs={drafting.theirs} />}
      <div className="draft-page">
        <div>
          <Problems draft={draft} />
          <ActForm act={draft.act} />
        </div>
        <div className="draft-side">
          {effective !== null && (
            <Timing
              order={{ takes_effect: effective.effective ?? effective.published ?? null }}
              timing={{ atOnce, choose: setAtOnce }}
              now={choices.now}
              zone={choices.zone}
            />
          )}
          <DraftEffects preview={preview} failed={previewing.failed} zone={choices.zone} />
          <Section heading={t("act.heading")}>
            {overtaken ? (
              <div role="alert">
                <Alert type="warning">
                  <AlertHeading level="h3">{t("problem.overtaken")}</AlertHeading>
                  <AlertText>{t("problem.overtakenMeans")}</AlertText>
                </Alert>
              </div>
            ) : (
              <TroubleAlert trouble={trouble} />
            )}
            <Button
              type="button"
              disabled={!ready || preview.refusals.length > 0 || entering.pending}
              onClick={() => ready && entering.go(preview.seen)}
            >
              {t(preview?.preview?.needs_second === false ? "drafts.issueNow" : "act.enter")}
            </Button>
            {!ready && <p className="muted">{t("drafts.enterWhen")}</p>}
          </Section>
        </div>
      </div>
    </WritingContext>
  );
}

function SavingLine({ drafting }: { drafting: Drafting }) {
  const { t } = useLanguage();
  const { saving } = drafting;
  return (
    <p className="saving" role="status">
      {t(`drafts.saving.${saving}`)}{" "}
      {saving === "unsaved" && (
        <Button type="button" unstyled onClick={drafting.retry}>
          {t("drafts.saveNow")}
        </Button>
      )}
    </p>
  );
}

/** What is wrong, in one place, each leading to where it is. */
function Problems({ draft }: { draft: Draft }) {
  const { t } = useLanguage();
  if (draft.problems.length === 0) {
    return null;
  }
  return (
    <details className="draft-problems">
      <summary>{t("drafts.problems", { count: draft.problems.length })}</summary>
      <ul>
        {draft.problems.map(({ path, what, do: advice }) => (
          <li key={path + what}>
            <code translate="no">{path}</code>: <Said>{`${what} ${advice}`.trim()}</Said>
          </li>
        ))}
      </ul>
    </details>
  );
}

interface OvertakenProperties {
  drafting: Drafting;
  theirs: Draft;
}

/** Another officer wrote meanwhile: both are shown, field by field, and one is chosen. */
function Overtaken({ drafting, theirs }: OvertakenProperties) {
  const { t } = useLanguage();
  const paths = differences(drafting.form, theirs.form);
  const say = (form: unknown, path: (typeof paths)[number]) => {
    const value = valueAt(form, path);
    return textAt(form, path) || (value === undefined ? "—" : JSON.stringify(value));
  };
  return (
    <div role="alert">
      <Alert type="warning">
        <AlertHeading level="h2">
          {t("drafts.overtaken", { name: theirs.changed_by })}
        </AlertHeading>
        <AlertText>{t("drafts.overtakenMeans")}</AlertText>
        <dl className="facts">
          {paths.map((path) => (
            <div key={written(path)}>
              <dt>
                <code translate="no">{written(path)}</code>
              </dt>
              <dd>
                {t("drafts.yours", { words: say(drafting.form, path) })}
                <br />
                {t("drafts.theirs", { words: say(theirs.form, path) })}
              </dd>
            </div>
          ))}
        </dl>
        <div className="buttons">
          <Button type="button" onClick={drafting.keepMine}>
            {t("drafts.keepMine")}
          </Button>
          <Button type="button" outline onClick={drafting.takeTheirs}>
            {t("drafts.takeTheirs")}
          </Button>
        </div>
      </Alert>
    </div>
  );
}
