import { Button } from "@trussworks/react-uswds";
import { useState } from "react";

import type { HoldLine, RecordsPage } from "../../../api/schema";
import { enumerate, formatInstant } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { LongField } from "../../../parts/form/fields";
import { DataTable } from "../../../parts/DataTable";
import { Link } from "../../../parts/Link";
import { Section } from "../../../parts/Section";
import { Sheet } from "../../../parts/Sheet";
import { orderPath } from "../../../route";
import { useSession } from "../../../session/context";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import { UndoLine } from "../../chat/UndoLine";
import { HoldSheet } from "./HoldSheet";
import { partyNames } from "./names";

interface Properties {
  page: RecordsPage;
  again: () => void;
}

/** The holds that stand and those that ended, and beginning and ending one. */
export function Holds({ page, again }: Properties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const [beginning, setBeginning] = useState(false);
  const [ending, setEnding] = useState<HoldLine | null>(null);
  const [ended, setEnded] = useState<HoldLine | null>(null);
  return (
    <Section heading={t("records.holds")}>
      {ended !== null && (
        <UndoLine
          words={t("records.ended", { name: ended.hold.name })}
          focused
          onUndo={async () => {
            await client.send("POST", `${pathOf(ended)}/return`, { seen: ended.seen });
            setEnded(null);
            again();
          }}
          onClose={() => setEnded(null)}
        />
      )}
      {page.holds.length === 0 ? (
        <p className="nothing">{t("records.noHolds")}</p>
      ) : (
        <DataTable
          caption={t("records.holdsCaption", { count: page.holds.length })}
          columns={[
            t("records.name"),
            t("records.parties"),
            t("records.why"),
            t("records.state"),
            t("records.do"),
          ]}
          rows={page.holds.map((line) => ({
            id: line.id,
            cells: [
              <>
                {line.hold.name}
                {line.order !== null && line.order !== undefined && (
                  <small>
                    <Link href={orderPath(line.order.id)}>{line.order.title[language]}</Link>
                  </small>
                )}
              </>,
              enumerate(language, partyNames(page.parties, line.hold.parties, language)),
              <>
                {line.hold.why}
                {line.hold.ended_why !== undefined && line.hold.ended_why !== "" && (
                  <small>{t("records.endedWhy", { why: line.hold.ended_why })}</small>
                )}
              </>,
              <>
                {t(line.hold.state === "held" ? "records.stands" : "records.hasEnded")}
                <small>
                  {t("records.byAt", {
                    name: line.changed_by,
                    when: formatInstant(language, line.changed, page.zone),
                  })}
                </small>
              </>,
              line.hold.state === "held" ? (
                <Button
                  type="button"
                  outline
                  className="small"
                  aria-label={t("records.endNamed", { name: line.hold.name })}
                  onClick={() => setEnding(line)}
                >
                  {t("records.end")}
                </Button>
              ) : (
                "—"
              ),
            ],
          }))}
        />
      )}
      <div className="actions">
        <Button type="button" onClick={() => setBeginning(true)}>
          {t("records.newHold")}
        </Button>
      </div>
      {beginning && (
        <HoldSheet
          page={page}
          begun={{ name: "", parties: [], order: null }}
          onHeld={() => {
            setBeginning(false);
            again();
          }}
          onClose={() => setBeginning(false)}
        />
      )}
      {ending !== null && (
        <EndSheet
          line={ending}
          onEnded={(line) => {
            setEnding(null);
            setEnded(line);
            again();
          }}
          onClose={() => setEnding(null)}
        />
      )}
    </Section>
  );
}

interface EndProperties {
  line: HoldLine;
  onEnded: (line: HoldLine) => void;
  onClose: () => void;
}

function EndSheet({ line, onEnded, onClose }: EndProperties) {
  const { t } = useLanguage();
  const { client } = useSession();
  const [why, setWhy] = useState("");
  const deed = useDeed(
    () => client.send<HoldLine>("POST", `${pathOf(line)}/end`, { why, seen: line.seen }),
    onEnded,
  );
  return (
    <Sheet
      heading={t("records.endNamed", { name: line.hold.name })}
      busy={deed.pending}
      toField
      onClose={onClose}
    >
      <p>{t("records.endMeans")}</p>
      <LongField label={t("records.why")} value={why} onChange={setWhy} required />
      <TroubleAlert trouble={deed.trouble} />
      <div className="actions">
        <Button type="button" disabled={deed.pending} onClick={() => deed.go()}>
          {t("records.end")}
        </Button>
        <Button type="button" outline disabled={deed.pending} onClick={onClose}>
          {t("admin.cancel")}
        </Button>
      </div>
    </Sheet>
  );
}

function pathOf(line: HoldLine): string {
  return `/api/desk/records/holds/${encodeURIComponent(line.id)}`;
}
