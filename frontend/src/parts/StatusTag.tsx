import { Tag } from "@trussworks/react-uswds";

import { formatDeadline } from "../format";
import { useLanguage } from "../i18n/context";
import { isKey } from "../i18n/translate";

interface Properties {
  status: string;
  /** The instant that goes with the status, if any: since when, or until when. */
  at?: string | null;
  zone?: string;
}

/** A status in a word and, where an instant goes with it, since or until when. */
export function StatusTag({ status, at = null, zone = "UTC" }: Properties) {
  const { language, t } = useLanguage();
  const word = `instruments.${status}`;
  const instant = `standing.${status}`;
  return (
    <>
      <Tag className={`tag-${status}`}>{isKey(word) ? t(word) : status}</Tag>
      {at !== null && isKey(instant) && (
        <> {t(instant, { when: formatDeadline(language, at, zone) })}</>
      )}
    </>
  );
}
