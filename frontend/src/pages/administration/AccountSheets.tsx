import { Button, Checkbox } from "@trussworks/react-uswds";
import { useId, useState } from "react";

import { disableAccount, removeAccount } from "../../api/administration";
import type { AccountDisabled, AccountRemoved, ListedAccount } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { Sheet } from "../../parts/Sheet";
import { WaitingReplicas } from "../../parts/WaitingReplicas";
import { useSession } from "../../session/context";
import { TroubleAlert } from "./TroubleAlert";
import { useDeed } from "./useDeed";

interface Properties<T> {
  account: ListedAccount;
  onClose: () => void;
  onDone: (made: T) => void;
}

/** The last step before nobody signs in with an account any more. */
export function DisableSheet({ account, onClose, onDone }: Properties<AccountDisabled>) {
  const { t } = useLanguage();
  const { client } = useSession();
  const { name, login } = account.line;
  const deed = useDeed(() => disableAccount(client, login), onDone);
  const { pending } = deed;
  return (
    <Sheet heading={t("accounts.disableHeading", { name })} onClose={onClose} busy={pending}>
      <p>{t("accounts.disableMeans")}</p>
      <TroubleAlert trouble={deed.trouble} />
      <div className="actions">
        <Button type="button" aria-disabled={pending} onClick={() => deed.go()}>
          {t("accounts.disableYes")}
        </Button>
        <Button type="button" outline aria-disabled={pending} onClick={() => pending || onClose()}>
          {t("admin.cancel")}
        </Button>
      </div>
      <p role="status">{pending && t("accounts.working")}</p>
      {pending && <WaitingReplicas />}
    </Sheet>
  );
}

/** The last step before a person has no account here any more. Nothing brings it back. */
export function RemoveSheet({ account, onClose, onDone }: Properties<AccountRemoved>) {
  const { t } = useLanguage();
  const { client } = useSession();
  const { line, keys } = account;
  const [endKeys, setEndKeys] = useState(false);
  const deed = useDeed(() => removeAccount(client, line.login, endKeys), onDone);
  const { pending } = deed;
  const id = useId();
  const heading = t("accounts.removeHeading", { name: line.name });
  return (
    <Sheet heading={heading} onClose={onClose} busy={pending}>
      <p>{t("accounts.removeGoes")}</p>
      <p>{t("accounts.removeStays")}</p>
      {keys.length > 0 && (
        <>
          <p id={`${id}-keys`}>{t("accounts.keysOf", { count: keys.length, name: line.name })}</p>
          <ul>
            {keys.map((prefix) => (
              <li key={prefix}>
                <code translate="no">co_{prefix}_…</code>
              </li>
            ))}
          </ul>
          <Checkbox
            id={`${id}-end`}
            name="end-keys"
            label={t("accounts.endKeys")}
            aria-describedby={`${id}-keys`}
            checked={endKeys}
            onChange={(event) => setEndKeys(event.currentTarget.checked)}
          />
        </>
      )}
      <TroubleAlert trouble={deed.trouble} />
      <div className="actions">
        <Button type="button" aria-disabled={pending} onClick={() => deed.go()}>
          {t("accounts.removeYes")}
        </Button>
        <Button type="button" outline aria-disabled={pending} onClick={() => pending || onClose()}>
          {t("admin.cancel")}
        </Button>
      </div>
      <p role="status">{pending && t("accounts.working")}</p>
      {pending && <WaitingReplicas />}
    </Sheet>
  );
}
