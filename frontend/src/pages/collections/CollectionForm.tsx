import { Button } from "@trussworks/react-uswds";
import { useId, useState, type FormEvent } from "react";

import type { Collection, CollectionShelf, CollectionWording } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { useSession } from "../../session/context";
import { Refused } from "../chat/Refused";

const LONGEST_NAME = 80;
const LONGEST_DESCRIPTION = 500;
const ROLES = ["staff", "officer", "operator", "auditor"] as const;
type Role = CollectionWording["edited_by"] extends readonly (infer R)[] | undefined ? R : never;

interface Properties {
  shelf: CollectionShelf;
  /** The one that is changed; null for a new one. */
  collection: Collection | null;
  onSave: (wording: CollectionWording) => Promise<void>;
  onClose: () => void;
}

/** Asks for a collection's words, its data class and who looks after it. */
export function CollectionForm({ shelf, collection, onSave, onClose }: Properties) {
  const { t } = useLanguage();
  const { standing } = useSession();
  const id = useId();
  const [name, setName] = useState(collection?.name ?? "");
  const [description, setDescription] = useState(collection?.description ?? "");
  const [dataClass, setDataClass] = useState(collection?.data_class ?? shelf.data_class);
  const me = standing.phase === "in" ? standing.person.login : "";
  const [owners, setOwners] = useState(
    collection === null ? me : collection.owners.map(({ login }) => login).join(", "),
  );
  const [roles, setRoles] = useState<ReadonlySet<Role>>(new Set(collection?.edited_by));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const classes = [...new Set([...shelf.data_classes, dataClass])].sort();
  const save = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    onSave({
      name,
      description,
      data_class: dataClass,
      owners: owners.split(/[\s,;]+/).filter((login) => login !== ""),
      edited_by: [...roles],
    }).catch((refused: unknown) => {
      setError(refused);
      setBusy(false);
    });
  };
  const toggle = (role: Role, yes: boolean) => {
    const next = new Set(roles);
    if (yes) {
      next.add(role);
    } else {
      next.delete(role);
    }
    setRoles(next);
  };
  return (
    <form onSubmit={save}>
      <label className="usa-label" htmlFor={`${id}-name`}>
        {t("collections.name")}
      </label>
      <input
        id={`${id}-name`}
        className="usa-input"
        required
        maxLength={LONGEST_NAME}
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <label className="usa-label" htmlFor={`${id}-description`}>
        {t("collections.description")}
      </label>
      <textarea
        id={`${id}-description`}
        className="usa-textarea"
        rows={3}
        maxLength={LONGEST_DESCRIPTION}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <label className="usa-label" htmlFor={`${id}-class`}>
        {t("collections.class")}
      </label>
      <select
        id={`${id}-class`}
        className="usa-select"
        aria-describedby={`${id}-class-means`}
        value={dataClass}
        onChange={(event) => setDataClass(event.currentTarget.value)}
      >
        {classes.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
      <p id={`${id}-class-means`} className="muted">
        {t("collections.classMeans")}
      </p>
      <label className="usa-label" htmlFor={`${id}-owners`}>
        {t("collections.owners")}
      </label>
      <input
        id={`${id}-owners`}
        className="usa-input"
        required
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        aria-describedby={`${id}-owners-mean`}
        value={owners}
        onChange={(event) => setOwners(event.currentTarget.value)}
      />
      <p id={`${id}-owners-mean`} className="muted">
        {t("collections.ownersMean")}
      </p>
      <fieldset className="choices">
        <legend className="usa-label">{t("collections.roles")}</legend>
        {ROLES.map((role) => (
          <div className="choice" key={role}>
            <input
              type="checkbox"
              id={`${id}-${role}`}
              checked={roles.has(role)}
              onChange={(event) => toggle(role, event.currentTarget.checked)}
            />
            <label htmlFor={`${id}-${role}`}>{t(`collections.role.${role}`)}</label>
          </div>
        ))}
      </fieldset>
      <div role="alert">
        {error !== null && <Refused error={error} otherwise={t("collections.failed")} />}
      </div>
      <div className="actions">
        <Button type="submit" disabled={busy}>
          {t("collections.save")}
        </Button>
        <Button type="button" outline disabled={busy} onClick={onClose}>
          {t("collections.cancel")}
        </Button>
      </div>
    </form>
  );
}
