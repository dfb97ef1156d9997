import { Tag } from "@trussworks/react-uswds";

import type { Prepared } from "../../api/desk";
import { formatInstant } from "../../format";
import { useLanguage } from "../../i18n/context";
import { isOwn, type Officer } from "./standing";

interface Properties {
  order: Prepared;
  officer: Officer;
  zone: string;
}

/** Prepared, or entered by whom and when. */
export function StateWords({ order, officer, zone }: Properties) {
  const { language, t } = useLanguage();
  const { state, entered, entered_by: name } = order;
  return (
    <>
      <Tag className={`tag-${state}`}>{t(`desk.state.${state}`)}</Tag>{" "}
      {entered !== null &&
        name !== null &&
        t(isOwn(order, officer) ? "desk.enteredByYou" : "desk.enteredBy", {
          name,
          when: formatInstant(language, entered, zone),
        })}
    </>
  );
}
