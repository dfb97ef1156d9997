import type { SessionAnswer } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { SIGNED_IN_PATH, signOnPath } from "../../route";
import { SignInForm } from "./SignInForm";

interface Properties {
  answer: SessionAnswer;
  login: string;
  /** Whether it is over a page that must not go: then the provider gets a window of its own. */
  again?: boolean;
}

/** What one can sign in with: the identity provider, login and password, or both. */
export function SignInWays({ answer, login, again = false }: Properties) {
  const { t } = useLanguage();
  const { sign_on: name, passwords } = answer;
  if (name === null) {
    return <SignInForm login={login} />;
  }
  return (
    <div className="sign-in-ways">
      <SignOnLink name={name} again={again} />
      {again && <p className="muted">{t("signOn.window")}</p>}
      {passwords && (
        <>
          <p className="sign-in-or">{t("signOn.or")}</p>
          <SignInForm login={login} />
        </>
      )}
    </div>
  );
}

function SignOnLink({ name, again }: { name: string; again: boolean }) {
  const { t } = useLanguage();
  const text = t("signOn.with", { name });
  if (!again) {
    const here = location.pathname + location.search;
    return (
      <a className="usa-button sign-on" href={signOnPath(here)}>
        {text}
      </a>
    );
  }
  const href = signOnPath(SIGNED_IN_PATH);
  return (
    <a
      className="usa-button sign-on"
      href={href}
      target="_blank"
      rel="opener"
      onClick={(event) => {
        // A window that a page opened may close itself; where none opens, the link leads there.
        if (window.open(href, "changeover-sign-in", "popup,width=560,height=720") !== null) {
          event.preventDefault();
        }
      }}
    >
      {text}
    </a>
  );
}
