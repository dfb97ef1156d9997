import type { BoardRow } from "../../../api/schema";
import { useLanguage } from "../../../i18n/context";
import { DataTable } from "../../../parts/DataTable";
import { Link } from "../../../parts/Link";
import { StatusTag } from "../../../parts/StatusTag";
import { orderPath } from "../../../route";
import { dateWords, phaseWords } from "./words";

/** The same as the timelines in words. */
export function BoardTable({ rows, zone }: { rows: readonly BoardRow[]; zone: string }) {
  const { language, t } = useLanguage();
  return (
    <DataTable
      caption={t("board.caption", { count: rows.length })}
      columns={[
        t("board.order"),
        t("board.issuer"),
        t("board.status"),
        t("board.phases"),
        t("board.dates"),
        t("board.acts"),
      ]}
      rows={rows.map((row) => ({
        id: row.id,
        cells: [
          <Link href={orderPath(row.id)}>{row.title[language]}</Link>,
          row.issuer_name[language],
          <>
            <StatusTag status={row.status} />
            {row.partly_off_by.length > 0 && (
              <small>{t("board.partly", { names: row.partly_off_by.join(", ") })}</small>
            )}
          </>,
          <Lines
            lines={row.phases.map((phase) => phaseWords(t, language, zone, phase))}
            none="—"
          />,
          <Lines
            lines={row.dates.map((date) => dateWords(t, language, zone, date))}
            none="—"
          />,
          row.acts.length === 0 ? (
            "—"
          ) : (
            <ul className="lines">
              {row.acts.map((act) => (
                <li key={act.instrument + act.act}>
                  {t(`board.act.${act.act}` as "board.act.stay")}:{" "}
                  <Link href={orderPath(act.instrument)}>{act.title[language]}</Link>
                </li>
              ))}
            </ul>
          ),
        ],
      }))}
    />
  );
}

function Lines({ lines, none }: { lines: readonly string[]; none: string }) {
  return lines.length === 0 ? (
    none
  ) : (
    <ul className="lines">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
