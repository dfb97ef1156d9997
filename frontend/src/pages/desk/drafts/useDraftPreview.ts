import { useCallback } from "react";

import { previewDraft, type DraftPreview } from "../../../api/drafts";
import { knownValue } from "../../../polling";
import { useSession } from "../../../session/context";
import { usePolled } from "../../../usePolled";

const POLL_MS = 10_000;

/** What a draft would do, asked anew whenever a version was kept and every few seconds. */
export function useDraftPreview(
  id: string,
  version: number,
  atOnce: boolean,
  asking: boolean,
): { preview: DraftPreview | null; failed: boolean; again: () => void } {
  const { client, standing } = useSession();
  const expired = standing.phase === "in" && standing.expired;
  const load = useCallback(
    async (signal: AbortSignal) => ({
      atOnce,
      asked: version,
      told: await previewDraft(client, id, atOnce, signal),
    }),
    [client, id, atOnce, version],
  );
  const { polled, again } = usePolled(asking && !expired ? load : null, POLL_MS);
  const known = knownValue(polled);
  return {
    preview: known !== null && known.atOnce === atOnce ? known.told : null,
    failed: polled.phase === "lost",
    again,
  };
}
