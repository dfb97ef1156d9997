import { useCallback, useEffect, useRef, useState } from "react";

import { refusedWith } from "../../../api/asking";
import { fetchDraft, writeDraft, type Draft, type Form } from "../../../api/drafts";
import { useKept } from "../../../parts/form/kept";
import { useSession } from "../../../session/context";
import { withValue, type Path } from "./form";

/** How what is written stands: kept by the server, on its way, not kept, or another's came first. */
export type Saving = "saved" | "saving" | "unsaved" | "overtaken";

export interface Drafting {
  draft: Draft;
  /** What stands on the page, kept or not. */
  form: Form;
  saving: Saving;
  /** What another officer wrote meanwhile, null while nobody did. */
  theirs: Draft | null;
  put: (path: Path, value: unknown) => void;
  takeTheirs: () => void;
  keepMine: () => void;
  /** Takes the draft as the server has it now. */
  reload: () => void;
  retry: () => void;
}

const AFTER_MS = 700;

interface Unsaved {
  form: Form | null;
  version: number;
}

/**
 * One draft that is written on: it is sent a moment after the last change, with the version
 * that was seen. Until the server has it, it is kept in this browser.
 */
export function useDraft(first: Draft): Drafting {
  const { client, standing } = useSession();
  const expired = standing.phase === "in" && standing.expired;
  const kept = useKept<Unsaved>(`draft.${first.id}`, { form: null, version: first.version });
  const unsaved = kept.value.form;
  const [draft, setDraft] = useState(first);
  const [sending, setSending] = useState(false);
  const [failed, setFailed] = useState(false);
  const [theirs, setTheirs] = useState<Draft | null>(null);
  const newest = useRef<Form | null>(unsaved);

  const send = useCallback(
    async (form: Form, seen: number) => {
      setSending(true);
      setFailed(false);
      try {
        const told = await writeDraft(client, first.id, seen, form);
        setDraft(told);
        if (newest.current === form) {
          newest.current = null;
          kept.clear();
        } else {
          kept.change({ version: told.version });
        }
      } catch (error) {
        const refused = refusedWith(error);
        if (refused?.status === 409 && refused.detail?.code === "overtaken") {
          setTheirs(await fetchDraft(client, first.id));
        } else if (refused !== null && refused.status !== 401 && refused.status < 500) {
          setDraft(await fetchDraft(client, first.id));
          setFailed(true);
        } else {
          setFailed(true);
        }
      } finally {
        setSending(false);
      }
    },
    [client, first.id, kept.change, kept.clear],
  );

  useEffect(() => {
    if (unsaved === null || sending || failed || expired || theirs !== null) {
      return;
    }
    const timer = setTimeout(() => void send(unsaved, kept.value.version), AFTER_MS);
    return () => clearTimeout(timer);
  }, [unsaved, sending, failed, expired, theirs, send, kept.value.version]);

  const write = (form: Form, version: number) => {
    newest.current = form;
    setFailed(false);
    kept.change({ form, version });
  };
  const form = unsaved ?? draft.form;
  return {
    draft,
    form,
    saving: theirs !== null ? "overtaken" : sending ? "saving" : unsaved === null ? "saved" : "unsaved",
    theirs,
    put: (path, value) =>
      write(
        withValue(newest.current ?? form, path, value) as Form,
        unsaved === null ? draft.version : kept.value.version,
      ),
    takeTheirs: () => {
      if (theirs !== null) {
        newest.current = null;
        kept.clear();
        setDraft(theirs);
        setTheirs(null);
      }
    },
    keepMine: () => {
      if (theirs !== null) {
        setDraft(theirs);
        write(form, theirs.version);
        setTheirs(null);
      }
    },
    reload: () => void fetchDraft(client, first.id).then(setDraft, () => undefined),
    retry: () => setFailed(false),
  };
}
