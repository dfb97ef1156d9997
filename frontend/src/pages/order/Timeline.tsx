import { Tag } from "@trussworks/react-uswds";

import type { Standing } from "../../api/orders";
import { formatInstant } from "../../format";
import { useLanguage } from "../../i18n/context";
import { StatusTag } from "../../parts/StatusTag";
import { currentChange } from "./standing";

interface Properties {
  standing: Standing;
  now: string;
  zone: string;
}

/** The statuses that a clause goes through by the clock, the one of now marked. */
export function Timeline({ standing, now, zone }: Properties) {
  const { language, t } = useLanguage();
  const current = currentChange(standing, now);
  return (
    <ol className="timeline">
      {standing.timeline.map((change, index) => (
        <li key={change.at} aria-current={index === current ? "step" : undefined}>
          <time dateTime={change.at}>{formatInstant(language, change.at, zone)}</time>{" "}
          <StatusTag status={change.status} />{" "}
          {index === current && <Tag className="tag-now">{t("clauses.now")}</Tag>}
        </li>
      ))}
    </ol>
  );
}
