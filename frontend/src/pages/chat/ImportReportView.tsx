import { Button } from "@trussworks/react-uswds";

import type { ImportReport } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { Link } from "../../parts/Link";
import { Said } from "../../parts/Said";
import { conversationPath } from "../../route";
import { leftWords } from "./OriginStamp";

interface Properties {
  report: ImportReport;
  onUndo: (act: string) => void;
  onClose: () => void;
}

/** What came in, what was here, what did not, and what was left behind. */
export function ImportReportView({ report, onUndo, onClose }: Properties) {
  const { language, t } = useLanguage();
  const taken = report.lines.filter(({ outcome }) => outcome === "taken");
  const here = report.lines.filter(({ outcome }) => outcome === "here").length;
  const failed = report.lines.filter(({ why }) => why !== "");
  const first = taken[0]?.conversation ?? null;
  const short = taken.filter(({ not_carried }) => not_carried.length > 0);
  return (
    <section className="import-report">
      <div role="status">
        <p>
          <strong>{t("imports.taken", { count: taken.length })}</strong>{" "}
          {here > 0 && t("imports.were", { count: here })}
        </p>
      </div>
      {failed.length > 0 && (
        <>
          <p>{t("imports.failed", { count: failed.length })}</p>
          <ul className="import-lines">
            {failed.map(({ title, why }, index) => (
              <li key={index}>
                <div className="import-line">
                  <span className="import-title" dir="auto">
                    {title || t("imports.untitled")}
                  </span>
                  <p className="muted">
                    <Said>{why}</Said>
                  </p>
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
      {short.length > 0 && <p>{t("imports.short", { count: short.length })}</p>}
      {short.length > 0 && (
        <ul className="import-lines">
          {short.map(({ title, not_carried, conversation }) => (
            <li key={conversation}>
              <div className="import-line">
                <span className="import-title" dir="auto">
                  {title || t("imports.untitled")}
                </span>
                <p className="muted">
                  {t("imports.left", { what: leftWords(language, t, not_carried) })}
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
      {taken.length > 0 && (
        <div className="actions">
          <Link className="usa-button" href={conversationPath(first)} onClickCapture={onClose}>
            {t("imports.open")}
          </Link>
          <Button type="button" outline onClick={() => onUndo(report.act)}>
            {t("imports.undo")}
          </Button>
        </div>
      )}
    </section>
  );
}
