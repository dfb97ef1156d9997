import { useState } from "react";

import { browserStorage, forgetUnsent } from "../chat/unsent";
import { useLanguage } from "../i18n/context";
import { CHAT_PATH, go } from "../route";
import { personOf, useSession } from "../session/context";
import { Link } from "./Link";

/** Who is signed in, and signing out; or the way to sign in. */
export function Account() {
  const { t } = useLanguage();
  const { standing, signOut } = useSession();
  const [failed, setFailed] = useState(false);
  const person = personOf(standing);
  if (person === null) {
    return standing.phase === "out" ? (
      <Link href={CHAT_PATH} className="bar-button">
        {t("account.signIn")}
      </Link>
    ) : null;
  }
  const leave = async () => {
    setFailed(false);
    try {
      const leave = await signOut();
      forgetUnsent(browserStorage());
      if (leave === null) {
        go(CHAT_PATH);
      } else {
        location.assign(leave);
      }
    } catch {
      setFailed(true);
    }
  };
  return (
    <>
      <span className="bar-name">
        <span className="usa-sr-only">{t("account.out", { name: person.name })}</span>
        <span aria-hidden="true">{person.name}</span>
      </span>
      <button type="button" className="bar-button" onClick={() => void leave()}>
        {t("account.signOut")}
      </button>
      <span role="alert" className="bar-alert">
        {failed && t("account.failed")}
      </span>
    </>
  );
}
