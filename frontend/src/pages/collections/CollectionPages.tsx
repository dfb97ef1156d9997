import { CollectionPage } from "./CollectionPage";
import { CollectionsPage } from "./CollectionsPage";

/** The pages of a party's collections: all of them, or one. */
export function CollectionPages({ collection }: { collection: string | null }) {
  return collection === null ? (
    <CollectionsPage />
  ) : (
    <CollectionPage key={collection} id={collection} />
  );
}
