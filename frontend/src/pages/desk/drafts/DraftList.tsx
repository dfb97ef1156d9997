import { Button, GridContainer } from "@trussworks/react-uswds";
import { useState } from "react";

import { fetchDrafts, settleDraft, type Draft } from "../../../api/drafts";
import { formatInstant } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { Connection } from "../../../parts/Connection";
import { DataTable } from "../../../parts/DataTable";
import { Link } from "../../../parts/Link";
import { PageHeading } from "../../../parts/PageHeading";
import { knownValue } from "../../../polling";
import { areaPath } from "../../../route";
import { useSession } from "../../../session/context";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import { usePage } from "../../administration/usePage";
import { textAt } from "./form";

const POLL_MS = 10_000;

/** Every draft that was not removed, the last begun first; one that was removed just now comes back. */
export function DraftList() {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const asked = usePage(fetchDrafts, POLL_MS);
  const drafts = knownValue(asked.polled);
  const [gone, setGone] = useState<Draft | null>(null);
  const removing = useDeed(
    (draft: Draft) => settleDraft(client, draft.id, "removal", draft.version),
    (removed) => {
      setGone(removed);
      asked.again();
    },
  );
  const restoring = useDeed(
    (draft: Draft) => settleDraft(client, draft.id, "restoration", draft.version),
    () => {
      setGone(null);
      asked.again();
    },
  );
  return (
    <GridContainer className="page">
      <PageHeading text={t("drafts.heading")} />
      <Connection {...asked} loading="drafts.loading" />
      <p>{t("drafts.intro")}</p>
      <p>
        <Link href={areaPath("drafts", "new")} className="usa-button">
          {t("drafts.new")}
        </Link>
      </p>
      <div role="status">
        {gone !== null && (
          <p className="restored">
            {t("drafts.removed")}{" "}
            <Button type="button" unstyled onClick={() => restoring.go(gone)}>
              {t("drafts.undo")}
            </Button>
          </p>
        )}
      </div>
      <TroubleAlert trouble={removing.trouble ?? restoring.trouble} />
      {drafts !== null && drafts.length === 0 && <p className="nothing">{t("drafts.none")}</p>}
      {drafts !== null && drafts.length > 0 && (
        <DataTable
          caption={t("drafts.caption", { count: drafts.length })}
          columns={[
            t("drafts.draft"),
            t("drafts.act"),
            t("drafts.state"),
            t("drafts.changed"),
            t("drafts.do"),
          ]}
          rows={[...drafts].reverse().map((draft) => ({
            id: draft.id,
            cells: [
              <Link href={areaPath("drafts", draft.id)}>{titleOf(draft, language)}</Link>,
              t(`drafts.act.${draft.act}`),
              <>
                {t(`drafts.state.${draft.state}`)}
                {draft.problems.length > 0 && (
                  <small>{t("drafts.problems", { count: draft.problems.length })}</small>
                )}
              </>,
              t("drafts.changedBy", {
                name: draft.changed_by,
                when: formatInstant(language, draft.changed, "UTC"),
              }),
              draft.state === "open" ? (
                <Button type="button" unstyled onClick={() => removing.go(draft)}>
                  {t("drafts.remove")}
                  <span className="usa-sr-only"> {titleOf(draft, language)}</span>
                </Button>
              ) : (
                ""
              ),
            ],
          }))}
        />
      )}
      <p className="updates">{t("status.updates", { seconds: asked.every })}</p>
    </GridContainer>
  );
}

/** What a draft is called: its title, else its id as an instrument, else its own. */
export function titleOf(draft: Draft, language: "en" | "fr"): string {
  return textAt(draft.form, ["title", language]) || draft.instrument || draft.id;
}
