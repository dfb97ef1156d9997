import { useLanguage } from "../i18n/context";
import { isKey } from "../i18n/translate";

/** The kind of an instrument in a word. */
export function KindName({ kind }: { kind: string }) {
  const { t } = useLanguage();
  const key = `kind.${kind}`;
  return isKey(key) ? t(key) : kind;
}
