import type { Key } from "../i18n/translate";
import { useLanguage } from "../i18n/context";
import { WithCode } from "./WithCode";

interface Properties {
  what: Key;
  todo: Key;
  command: string;
}

/** Says that a list is empty and what fills it. */
export function Nothing({ what, todo, command }: Properties) {
  const { t } = useLanguage();
  return (
    <p className="nothing">
      {t(what)} <WithCode text={todo} name="command" code={command} />
    </p>
  );
}
