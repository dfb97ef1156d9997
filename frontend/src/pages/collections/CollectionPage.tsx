import { Button, GridContainer, Tag } from "@trussworks/react-uswds";
import { useState } from "react";

import { changeCollection, removeCollection } from "../../api/collections";
import type { Collection, CollectionShelf } from "../../api/schema";
import { enumerate } from "../../format";
import { useLanguage } from "../../i18n/context";
import { Link } from "../../parts/Link";
import { PageHeading } from "../../parts/PageHeading";
import { Sheet } from "../../parts/Sheet";
import { COLLECTIONS_PATH, go } from "../../route";
import { useSession } from "../../session/context";
import { CollectionFiles } from "./CollectionFiles";
import { CollectionForm } from "./CollectionForm";
import { setLastRemoved } from "./removed";
import { useShelf } from "./useShelf";

/** One collection: what it is, who looks after it, and its files. */
export function CollectionPage({ id }: { id: string }) {
  const { t } = useLanguage();
  const { shelf, lost, again } = useShelf();
  const found = shelf?.collections.find((one) => one.id === id);
  return (
    <GridContainer className="page collections">
      <p className="back">
        <Link href={COLLECTIONS_PATH}>{t("collections.all")}</Link>
      </p>
      <PageHeading text={found?.name ?? t("collections.one")} />
      {lost && <p role="alert">{t("collections.lost")}</p>}
      {shelf === null && !lost && <p role="status">{t("collections.loading")}</p>}
      {shelf !== null && found === undefined && <p role="alert">{t("collections.missing")}</p>}
      {shelf !== null && found !== undefined && (
        <One shelf={shelf} collection={found} onChanged={again} />
      )}
    </GridContainer>
  );
}

interface Properties {
  shelf: CollectionShelf;
  collection: Collection;
  onChanged: () => Promise<void>;
}

function One({ shelf, collection, onChanged }: Properties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const [changing, setChanging] = useState(false);
  const [failed, setFailed] = useState(false);
  const { id, name, owners, edited_by: roles, may_edit: mayEdit } = collection;
  const remove = () => {
    setFailed(false);
    removeCollection(client, id).then(
      () => {
        setLastRemoved({ id, name });
        go(COLLECTIONS_PATH);
      },
      () => setFailed(true),
    );
  };
  return (
    <>
      {collection.description !== "" && (
        <p dir="auto" className="intro">
          {collection.description}
        </p>
      )}
      <p className="muted">
        {t("collections.readers", { party: collection.party_name[language] })}{" "}
        {t("collections.after", { names: enumerate(language, owners.map((one) => one.name)) })}{" "}
        {roles.length > 0 &&
          t("collections.andRoles", {
            roles: enumerate(
              language,
              roles.map((role) => t(`collections.role.${role}`)),
            ),
          })}
      </p>
      <p>
        <Tag>
          {t("collections.class")}: {collection.data_class}
        </Tag>
      </p>
      {mayEdit && (
        <p className="collection-acts">
          <Button type="button" outline aria-haspopup="dialog" onClick={() => setChanging(true)}>
            {t("collections.change")}
          </Button>
          <Button type="button" outline onClick={remove}>
            {t("collections.remove")}
          </Button>
        </p>
      )}
      {failed && <p role="alert">{t("collections.failed")}</p>}
      <CollectionFiles collection={collection} onChanged={onChanged} />
      {changing && (
        <Sheet heading={t("collections.change")} toField onClose={() => setChanging(false)}>
          <CollectionForm
            shelf={shelf}
            collection={collection}
            onSave={async (wording) => {
              await changeCollection(client, id, wording);
              await onChanged();
              setChanging(false);
            }}
            onClose={() => setChanging(false)}
          />
        </Sheet>
      )}
    </>
  );
}
