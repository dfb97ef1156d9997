import { useCallback, useState } from "react";

import { refusedWith } from "../api/asking";
import { base64 } from "../api/base64";
import {
  fetchImportProgress,
  MOST_MEGABYTES,
  previewImport,
  takeImport,
  undoImport,
} from "../api/exportImport";
import type {
  ErrorDetail,
  FilePreview,
  HowFar,
  ImportReport,
  ImportUndone,
} from "../api/schema";
import { useSession } from "../session/context";

const EVERY_MS = 500;

/** A file that was read into this page, so that it is sent as it was looked into. */
interface Read {
  name: string;
  content: string;
}

export type Trouble = { kind: "tooLong"; name: string } | { kind: "lost" | "undoFailed" } | ErrorTrouble;
interface ErrorTrouble {
  kind: "refused";
  detail: ErrorDetail;
}

/** Where an import stands. */
export type Stage =
  | { at: "choosing" }
  | { at: "looking"; name: string }
  | { at: "seen"; preview: FilePreview; file: Read }
  | { at: "taking"; progress: HowFar | null }
  | { at: "taken"; report: ImportReport }
  | { at: "undoing" }
  | { at: "undone"; undone: ImportUndone };

export interface Importing {
  stage: Stage;
  trouble: Trouble | null;
  look: (file: File) => void;
  take: (file: Read, only: string[]) => void;
  undo: (act: string) => void;
  anew: () => void;
}

/** Looking into a file, taking from it, and taking that back. */
export function useImporting(onImported: () => void): Importing {
  const { client } = useSession();
  const [stage, setStage] = useState<Stage>({ at: "choosing" });
  const [trouble, setTrouble] = useState<Trouble | null>(null);

  const anew = useCallback(() => {
    setTrouble(null);
    setStage({ at: "choosing" });
  }, []);
  const failed = useCallback((error: unknown, otherwise: "lost" | "undoFailed" = "lost") => {
    const detail = refusedWith(error)?.detail;
    setTrouble(detail === undefined ? { kind: otherwise } : { kind: "refused", detail });
    setStage({ at: "choosing" });
  }, []);

  const look = useCallback(
    (file: File) => {
      if (file.size > MOST_MEGABYTES * 1024 * 1024) {
        setTrouble({ kind: "tooLong", name: file.name });
        setStage({ at: "choosing" });
        return;
      }
      setTrouble(null);
      setStage({ at: "looking", name: file.name });
      const seen = async () => {
        const content = await base64(file);
        const preview = await previewImport(client, file.name, content);
        setStage({ at: "seen", preview, file: { name: file.name, content } });
      };
      seen().catch((error: unknown) => failed(error));
    },
    [client, failed],
  );

  const take = useCallback(
    ({ name, content }: Read, only: string[]) => {
      setTrouble(null);
      setStage({ at: "taking", progress: null });
      const ticket = crypto.getRandomValues(new Uint32Array(4)).join("-");
      const asking = setInterval(() => {
        fetchImportProgress(client, ticket).then(
          (progress) =>
            setStage((now) =>
              now.at === "taking" && progress.total > 0 ? { at: "taking", progress } : now,
            ),
          () => undefined,
        );
      }, EVERY_MS);
      takeImport(client, { name, content, only, ticket })
        .then(
          (report) => setStage({ at: "taken", report }),
          (error: unknown) => failed(error),
        )
        .finally(() => {
          clearInterval(asking);
          onImported();
        });
    },
    [client, failed, onImported],
  );

  const undo = useCallback(
    (act: string) => {
      setTrouble(null);
      setStage({ at: "undoing" });
      undoImport(client, act)
        .then(
          (undone) => setStage({ at: "undone", undone }),
          (error: unknown) => failed(error, "undoFailed"),
        )
        .finally(onImported);
    },
    [client, failed, onImported],
  );

  return { stage, trouble, look, take, undo, anew };
}
