import { Tag } from "@trussworks/react-uswds";

import type { MoveProgress } from "../../../api/schema";
import { useLanguage } from "../../../i18n/context";

const TONES: Record<MoveProgress["stands"], string> = {
  planned: "pending",
  entered: "pending",
  scheduled: "winding-down",
  bound: "winding-down",
  answering: "operative",
  overtaken: "stayed",
  off: "stayed",
};

/** How the move of a service stands, in a word. */
export function MoveTag({ stands }: { stands: MoveProgress["stands"] }) {
  const { t } = useLanguage();
  return <Tag className={`tag-${TONES[stands]}`}>{t(`changeovers.is.${stands}`)}</Tag>;
}
