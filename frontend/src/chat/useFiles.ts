import { useCallback, useEffect, useRef, useState } from "react";

import { refusedWith } from "../api/asking";
import { fetchFiles, placeOfFile, removeFile, type FilePlace } from "../api/attachments";
import type { FileLine } from "../api/schema";
import { useSession } from "../session/context";
import { upload } from "./uploading";

const LOOK_MS = 700;

/** A file that was not taken, and the server's words for why; null where it did not answer. */
export interface NotTaken {
  name: string;
  said: string | null;
}

export interface FilesHere {
  lines: readonly FileLine[];
  notTaken: readonly NotTaken[];
  /** The files that this page is sending. */
  coming: ReadonlySet<string>;
  /** Whether any file is still on its way from here, or being read. */
  busy: boolean;
  add: (files: readonly File[]) => void;
  remove: (id: string) => void;
  /** Leaves a line out that is gone on the server. */
  forgetLine: (id: string) => void;
  /** Takes a line up that was away. */
  tell: (line: FileLine) => void;
  forget: (name: string) => void;
}

/** The files of a place; `begin` makes the place of the first one, where there is none yet. */
export function useFiles(
  place: FilePlace | null,
  reading: boolean,
  begin: () => Promise<FilePlace>,
): FilesHere {
  const { client } = useSession();
  const [lines, setLines] = useState<readonly FileLine[]>([]);
  const [notTaken, setNotTaken] = useState<readonly NotTaken[]>([]);
  const [coming, setComing] = useState<ReadonlySet<string>>(new Set());
  const here = useRef(place);
  const queue = useRef<Promise<void>>(Promise.resolve());

  const tell = useCallback((line: FileLine) => {
    if (here.current === placeOfFile(line.file)) {
      setLines((known) => {
        const stands = known.some(({ file }) => file.id === line.file.id);
        return stands
          ? known.map((one) => (one.file.id === line.file.id ? line : one))
          : [...known, line];
      });
    }
  }, []);

  useEffect(() => {
    if (here.current !== place) {
      setNotTaken([]);
    }
    here.current = place;
    setLines((known) => known.filter(({ file }) => placeOfFile(file) === place));
  }, [place]);

  const waits = lines.some(({ file }) => file.state === "reading");
  useEffect(() => {
    if (place === null || !reading) {
      return;
    }
    const gone = new AbortController();
    const look = () => {
      fetchFiles(client, place, gone.signal).then(
        (found) => {
          if (!gone.signal.aborted) {
            setLines(found);
          }
        },
        () => undefined,
      );
    };
    look();
    const timer = waits ? setInterval(look, LOOK_MS) : undefined;
    return () => {
      gone.abort();
      clearInterval(timer);
    };
  }, [client, place, reading, waits]);

  const add = useCallback(
    (files: readonly File[]) => {
      for (const file of files) {
        queue.current = queue.current.then(async () => {
          try {
            const to = here.current ?? (await begin());
            here.current = to;
            await upload(client, to, file, (line) => {
              setComing(new Set([line.file.id]));
              tell(line);
            });
          } catch (error) {
            setNotTaken((known) => [...known, { name: file.name, said: words(error) }]);
          } finally {
            setComing(new Set());
          }
        });
      }
    },
    [client, begin, tell],
  );
  const forgetLine = useCallback(
    (id: string) => setLines((known) => known.filter(({ file }) => file.id !== id)),
    [],
  );
  const remove = useCallback(
    (id: string) => {
      removeFile(client, id).then(
        () => forgetLine(id),
        () => undefined,
      );
    },
    [client, forgetLine],
  );
  const forget = useCallback(
    (name: string) => setNotTaken((known) => known.filter((one) => one.name !== name)),
    [],
  );
  const busy = waits || coming.size > 0;
  return { lines, notTaken, coming, busy, add, remove, forgetLine, tell, forget };
}

function words(error: unknown): string | null {
  const detail = refusedWith(error)?.detail;
  return detail === undefined ? null : [detail.what, detail.do].filter((one) => one !== "").join(" ");
}
