import { useId } from "react";

import type { BoardRow } from "../../../api/schema";
import { useLanguage } from "../../../i18n/context";
import { Link } from "../../../parts/Link";
import { StatusTag } from "../../../parts/StatusTag";
import { orderPath } from "../../../route";
import { dateWords, phaseWords } from "./words";
import { barsOf, months, place, WIDTH, type Span } from "./timeline";

interface Properties {
  rows: readonly BoardRow[];
  span: Span;
  at: string;
  zone: string;
}

const STATUSES = [
  "announced",
  "pending",
  "operative",
  "winding-down",
  "stayed",
  "waived",
  "ended",
] as const;
const HEIGHT = 26;

/** A timeline for each order, what it shows also in words for whoever does not see it. */
export function Timelines({ rows, span, at, zone }: Properties) {
  const { language, t } = useLanguage();
  const id = useId().replace(/[^a-z0-9]/gi, "");
  return (
    <>
      <Legend id={id} />
      <Axis span={span} at={at} />
      <ul className="timelines">
        {rows.map((row) => (
          <li key={row.id}>
            <div className="timeline-name">
              <Link href={orderPath(row.id)}>{row.title[language]}</Link>
              <small>
                {row.issuer_name[language]} · <StatusTag status={row.status} />
              </small>
            </div>
            <Picture row={row} span={span} at={at} zone={zone} id={id} />
          </li>
        ))}
      </ul>
      <p className="muted">{t("board.marks")}</p>
    </>
  );
}

function Picture({ row, span, at, zone, id }: { row: BoardRow; id: string } & Omit<Properties, "rows">) {
  const { language, t } = useLanguage();
  const words = [
    ...row.phases.map((phase) => phaseWords(t, language, zone, phase)),
    ...row.dates.map((date) => dateWords(t, language, zone, date)),
  ].join("; ");
  const now = place(span, at);
  return (
    <svg
      className="timeline"
      role="img"
      aria-label={words}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
    >
      <title>{words}</title>
      {barsOf(span, row).map(({ x, width, status, since }) => (
        <g key={since}>
          <rect className={`bar bar-${status}`} x={x} y={4} width={width} height={18} />
          <rect x={x} y={4} width={width} height={18} fill={`url(#${id}-${status})`} />
        </g>
      ))}
      {row.dates.map((date) => (
        <line
          key={date.kind + date.clause + date.at}
          className="deadline"
          x1={place(span, date.at)}
          x2={place(span, date.at)}
          y1={0}
          y2={HEIGHT}
        />
      ))}
      {now >= 0 && now <= WIDTH && <line className="now" x1={now} x2={now} y1={0} y2={HEIGHT} />}
    </svg>
  );
}

function Axis({ span, at }: { span: Span; at: string }) {
  const { language } = useLanguage();
  const now = place(span, at);
  return (
    <div className="timeline-axis" aria-hidden="true">
      {months(span).map((month) => (
        <span key={month} style={{ left: `${place(span, month) / (WIDTH / 100)}%` }}>
          {new Intl.DateTimeFormat(language, {
            month: "short",
            timeZone: "UTC",
            year: "2-digit",
          }).format(new Date(month))}
        </span>
      ))}
      {now >= 0 && now <= WIDTH && (
        <span className="axis-now" style={{ left: `${now / (WIDTH / 100)}%` }}>
          ▼
        </span>
      )}
    </div>
  );
}

/** What the colours and patterns stand for; the patterns are defined here, once. */
function Legend({ id }: { id: string }) {
  const { t } = useLanguage();
  return (
    <ul className="timeline-legend" aria-label={t("board.legend")}>
      {STATUSES.map((status) => (
        <li key={status}>
          <svg viewBox="0 0 28 16" aria-hidden="true">
            <defs>
              <Pattern id={`${id}-${status}`} status={status} />
            </defs>
            <rect className={`bar bar-${status}`} width={28} height={16} />
            <rect width={28} height={16} fill={`url(#${id}-${status})`} />
          </svg>
          {t(`instruments.${status}`)}
        </li>
      ))}
    </ul>
  );
}

/** Each status has a pattern too, so that none is told by colour alone. */
const STROKES: Record<(typeof STATUSES)[number], string> = {
  announced: "M2 2h0.1",
  pending: "M0 8L8 0",
  operative: "",
  "winding-down": "M0 0L8 8",
  stayed: "M0 8L8 0M0 0L8 8",
  waived: "M4 0V8",
  ended: "M0 4H8",
};

function Pattern({ id, status }: { id: string; status: (typeof STATUSES)[number] }) {
  return (
    <pattern id={id} width={8} height={8} patternUnits="userSpaceOnUse">
      <path className="stroke" d={STROKES[status]} />
    </pattern>
  );
}

