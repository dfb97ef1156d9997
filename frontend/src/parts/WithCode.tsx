import { Fragment } from "react";

import { useLanguage } from "../i18n/context";
import type { Key } from "../i18n/translate";

const PLACE = "\u0000";

/** The text of `text` with its place `name` set as code. */
export function WithCode({ text, name, code }: { text: Key; name: string; code: string }) {
  const { t } = useLanguage();
  const pieces = t(text, { [name]: PLACE }).split(PLACE);
  return pieces.map((piece, index) => (
    <Fragment key={index}>
      {index > 0 && <code translate="no">{code}</code>}
      {piece}
    </Fragment>
  ));
}
