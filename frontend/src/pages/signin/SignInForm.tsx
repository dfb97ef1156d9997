import { Alert, AlertText, Button } from "@trussworks/react-uswds";
import { useId, useRef, useState, type FormEvent } from "react";

import { useLanguage } from "../../i18n/context";
import { useSession } from "../../session/context";
import { refusalWords } from "./words";

/** Login and password. What was typed stays when it is refused. */
export function SignInForm({ login: known }: { login: string }) {
  const { t } = useLanguage();
  const { signIn } = useSession();
  const id = useId();
  const [login, setLogin] = useState(known);
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) {
      return;
    }
    setBusy(true);
    setError(null);
    try {
      await signIn(login.trim(), password);
    } catch (failure) {
      setError(failure);
      field.current?.focus();
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="sign-in-form" onSubmit={(event) => void submit(event)}>
      <div role="alert">
        {error !== null && (
          <Alert type="error" slim>
            <AlertText>{refusalWords(t, error)}</AlertText>
          </Alert>
        )}
      </div>
      <label className="usa-label" htmlFor={`${id}-login`}>
        {t("signIn.login")}
      </label>
      <input
        className="usa-input"
        id={`${id}-login`}
        name="login"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        value={login}
        onChange={(event) => setLogin(event.currentTarget.value)}
      />
      <label className="usa-label" htmlFor={`${id}-password`}>
        {t("signIn.password")}
      </label>
      <input
        ref={field}
        className="usa-input"
        id={`${id}-password`}
        name="password"
        type={shown ? "text" : "password"}
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Button
        type="button"
        unstyled
        className="quiet"
        aria-pressed={shown}
        onClick={() => setShown(!shown)}
      >
        {t("signIn.show")}
      </Button>
      <div className="actions">
        <Button type="submit">{busy ? t("signIn.busy") : t("signIn.submit")}</Button>
      </div>
    </form>
  );
}
