import { Tag } from "@trussworks/react-uswds";

import type { Compliance } from "../../../api/schema";
import { formatCount, formatInstant } from "../../../format";
import { useLanguage } from "../../../i18n/context";
import { DataTable } from "../../../parts/DataTable";
import { Section } from "../../../parts/Section";

const TONES = {
  "not-started": "stayed",
  "winding-down": "winding-down",
  unknown: "pending",
  waived: "operative",
  ended: "operative",
} as const;

/** Each party and contractor as it stands; observed and stated never in one column. */
export function BoardOfParties({ board, zone }: { board: Compliance; zone: string }) {
  const { language, t } = useLanguage();
  return (
    <Section heading={t("compliance.board")}>
      {board.parties.length === 0 ? (
        <p className="nothing">{t("compliance.nobody")}</p>
      ) : (
        <DataTable
          caption={t("compliance.caption", { count: board.parties.length })}
          columns={[
            t("compliance.party"),
            t("compliance.state"),
            t("compliance.observed"),
            t("compliance.refused"),
            t("compliance.left"),
            t("compliance.burn"),
            t("compliance.stated"),
          ]}
          rows={board.parties.map((line) => ({
            id: line.party,
            cells: [
              <>
                {line.name[language]}
                {line.contractor_of != null && (
                  <small>{t("compliance.contractorOf", { name: line.contractor_of })}</small>
                )}
              </>,
              <Tag className={`tag-${TONES[line.state]}`}>{t(`compliance.is.${line.state}`)}</Tag>,
              <>
                {t("compliance.calls", { count: line.calls })}
                <small>
                  {line.last_call == null
                    ? t("compliance.noCall")
                    : t("compliance.lastCall", {
                        when: formatInstant(language, line.last_call, zone),
                      })}
                </small>
                {line.bound.length > 0 && (
                  <small>{t("compliance.bound", { names: line.bound.join(", ") })}</small>
                )}
              </>,
              formatCount(language, line.refused),
              line.days_left == null
                ? "—"
                : line.days_left < 0
                  ? t("compliance.passed")
                  : t("compliance.days", { count: line.days_left }),
              <BurnDown weeks={line.weeks} />,
              line.stated === 0 ? (
                "—"
              ) : (
                <em>
                  {t("compliance.statedCount", { lines: line.stated, count: line.stated_count })}
                </em>
              ),
            ],
          }))}
        />
      )}
    </Section>
  );
}

const WIDTH = 160;
const HEIGHT = 36;

/** Calls to what is barred by week; the same in words for whoever does not see it. */
function BurnDown({ weeks }: { weeks: Compliance["parties"][number]["weeks"] }) {
  const { t } = useLanguage();
  if (weeks.length === 0) {
    return <>{t("compliance.noWeeks")}</>;
  }
  const most = Math.max(...weeks.map(({ calls }) => calls));
  const step = WIDTH / weeks.length;
  const words = weeks
    .map(({ begins, calls }) => t("compliance.week", { begins, calls }))
    .join("; ");
  return (
    <svg className="burn" role="img" aria-label={words} viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
      <title>{words}</title>
      {weeks.map(({ begins, calls }, index) => {
        const high = Math.max((calls / most) * (HEIGHT - 2), 1);
        return (
          <rect
            key={begins}
            className="bar bar-winding-down"
            x={index * step + 1}
            y={HEIGHT - high}
            width={Math.max(Math.min(step - 2, 16), 1)}
            height={high}
          />
        );
      })}
    </svg>
  );
}
