import { Button, GridContainer, Tag } from "@trussworks/react-uswds";
import { useState } from "react";

import { makeCollection, returnCollection } from "../../api/collections";
import type { Collection } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { Link } from "../../parts/Link";
import { PageHeading } from "../../parts/PageHeading";
import { Sheet } from "../../parts/Sheet";
import { collectionPath, go } from "../../route";
import { useSession } from "../../session/context";
import { UndoLine } from "../chat/UndoLine";
import { CollectionForm } from "./CollectionForm";
import { MeaningLine } from "./MeaningLine";
import { lastRemoved, setLastRemoved } from "./removed";
import { useShelf } from "./useShelf";

/** All collections that are open to the reader. */
export function CollectionsPage() {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const { shelf, lost, again } = useShelf();
  const [making, setMaking] = useState(false);
  const [gone, setGone] = useState(lastRemoved);
  const forget = () => {
    setLastRemoved(null);
    setGone(null);
  };
  return (
    <GridContainer className="page collections">
      <PageHeading text={t("collections.heading")} />
      <p className="intro">{t("collections.intro")}</p>
      {gone !== null && (
        <UndoLine
          words={t("collections.removed", { name: gone.name })}
          onUndo={async () => {
            await returnCollection(client, gone.id);
            await again();
            forget();
          }}
          onClose={forget}
        />
      )}
      {lost && <p role="alert">{t("collections.lost")}</p>}
      {shelf === null && !lost && <p role="status">{t("collections.loading")}</p>}
      {shelf !== null && (
        <>
          <Button type="button" onClick={() => setMaking(true)} aria-haspopup="dialog">
            {t("collections.new")}
          </Button>
          {shelf.meaning !== null && shelf.meaning !== undefined && (
            <MeaningLine meaning={shelf.meaning} />
          )}
          {shelf.collections.length === 0 ? (
            <p className="nothing">{t("collections.none")}</p>
          ) : (
            <ul className="collection-list">
              {shelf.collections.map((one) => (
                <Line key={one.id} collection={one} party={one.party_name[language]} />
              ))}
            </ul>
          )}
          {making && (
            <Sheet
              heading={t("collections.new")}
              toField
              onClose={() => setMaking(false)}
            >
              <p>{t("collections.newMeans", { party: shelf.party_name[language] })}</p>
              <CollectionForm
                shelf={shelf}
                collection={null}
                onSave={async (wording) => {
                  const made = await makeCollection(client, wording);
                  go(collectionPath(made.id));
                }}
                onClose={() => setMaking(false)}
              />
            </Sheet>
          )}
        </>
      )}
    </GridContainer>
  );
}

function Line({ collection, party }: { collection: Collection; party: string }) {
  const { t } = useLanguage();
  const { counts } = collection;
  return (
    <li>
      <h2>
        <Link href={collectionPath(collection.id)} dir="auto">
          {collection.name}
        </Link>
      </h2>
      {collection.description !== "" && <p dir="auto">{collection.description}</p>}
      <p className="muted">
        {party} · {t("collections.files", { count: counts.files })} ·{" "}
        {t("collections.passages", { count: counts.passages })}
        {counts.unread > 0 && <> · {t("collections.unread", { count: counts.unread })}</>}
        {collection.may_edit && <> · {t("collections.yours")}</>}{" "}
        <Tag>
          {t("collections.class")}: {collection.data_class}
        </Tag>
      </p>
    </li>
  );
}
