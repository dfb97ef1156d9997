import { Alert, AlertText, GridContainer } from "@trussworks/react-uswds";
import { useEffect } from "react";

import { useLanguage } from "../i18n/context";
import { isKey, type Key } from "../i18n/translate";
import { Link } from "../parts/Link";
import { PageHeading } from "../parts/PageHeading";
import { CHAT_PATH, SIGNED_IN_PATH, signOnPath, type SignOnStep } from "../route";
import type { Standing } from "../session/context";
import { tellSignedIn } from "../session/elsewhere";

interface Properties {
  step: SignOnStep;
  standing: Standing;
}

/** Where the identity provider sends people back: signed in, signed out, or neither. */
export function SignOnPage({ step, standing }: Properties) {
  switch (step) {
    case "done":
      return <Done />;
    case "left":
      return <Left />;
    case "refused":
      return <Refused standing={standing} />;
  }
}

/** In a window of its own, which other windows are waiting for. */
function Done() {
  const { t } = useLanguage();
  useEffect(() => {
    tellSignedIn();
    // The browser closes what a page opened, and nothing else.
    window.close();
  }, []);
  return (
    <GridContainer className="page">
      <PageHeading text={t("signOn.done")} />
      <p>{t("signOn.doneMeans")}</p>
      <p>
        <Link href={CHAT_PATH}>{t("signOn.goOn")}</Link>
      </p>
    </GridContainer>
  );
}

function Left() {
  const { t } = useLanguage();
  return (
    <GridContainer className="page">
      <PageHeading text={t("signOn.left")} />
      <p>{t("signOn.leftMeans")}</p>
      <p>
        <Link href={CHAT_PATH}>{t("account.signIn")}</Link>
      </p>
    </GridContainer>
  );
}

function Refused({ standing }: { standing: Standing }) {
  const { t } = useLanguage();
  const name =
    standing.phase === "in" || standing.phase === "out" ? standing.answer.sign_on : null;
  const again = window.opener === null ? CHAT_PATH : SIGNED_IN_PATH;
  return (
    <GridContainer className="page">
      <PageHeading text={t("signOn.refused")} />
      <Alert type="error" slim>
        <AlertText>{t(whyKey(new URLSearchParams(location.search).get("why") ?? ""))}</AlertText>
      </Alert>
      <p className="actions">
        <a className="usa-button" href={signOnPath(again)}>
          {name === null ? t("signOn.again") : t("signOn.with", { name })}
        </a>
        <Link href={CHAT_PATH} className="usa-button usa-button--outline">
          {t("signOn.otherWays")}
        </Link>
      </p>
    </GridContainer>
  );
}

function whyKey(why: string): Key {
  const key = `signOn.why.${why}`;
  return isKey(key) ? key : "signOn.why.provider";
}
