import { Button } from "@trussworks/react-uswds";
import { useCallback, useEffect, useState, type RefObject } from "react";

import { addPrompt, changePrompt, fetchPrompts, removePrompt, returnPrompt } from "../../api/prompts";
import type { Prompt, PromptLibrary, PromptWording } from "../../api/schema";
import { placesOf } from "../../chat/prompts";
import { useLanguage } from "../../i18n/context";
import { Sheet } from "../../parts/Sheet";
import { useSession } from "../../session/context";
import { PromptFilling } from "./PromptFilling";
import { PromptForm } from "./PromptForm";
import { PromptList } from "./PromptList";
import { UndoLine } from "./UndoLine";

interface Properties {
  /** Where messages are written. */
  field: RefObject<HTMLTextAreaElement | null>;
  onClose: () => void;
}

type Step =
  | { kind: "list" }
  | { kind: "form"; prompt: Prompt | null }
  | { kind: "filling"; prompt: Prompt };

const LIST: Step = { kind: "list" };
const NOTHING: PromptLibrary = { prompts: [], may_share_in: null };

/** Prompts to begin a message with: chosen, filled in, kept, changed and removed. */
export function PromptSheet({ field, onClose }: Properties) {
  const { language, t } = useLanguage();
  const { client } = useSession();
  const [library, setLibrary] = useState<PromptLibrary | null>(null);
  const [step, setStep] = useState<Step>(LIST);
  const [gone, setGone] = useState<Prompt | null>(null);
  const [failed, setFailed] = useState<"read" | "remove" | null>(null);
  const load = useCallback(
    (signal?: AbortSignal) =>
      fetchPrompts(client, signal).then(setLibrary, () => {
        if (signal?.aborted !== true) {
          setFailed("read");
        }
      }),
    [client],
  );
  useEffect(() => {
    const leaving = new AbortController();
    void load(leaving.signal);
    return () => leaving.abort();
  }, [load]);

  const onInsert = (text: string) => {
    onClose();
    // Once the dialogue is gone: a field behind it takes no focus.
    setTimeout(() => insert(field.current, text));
  };
  const choose = (prompt: Prompt) => {
    if (placesOf(prompt.text).length === 0) {
      onInsert(prompt.text);
    } else {
      setStep({ kind: "filling", prompt });
    }
  };
  const save = async (prompt: Prompt | null, wording: PromptWording) => {
    await (prompt === null
      ? addPrompt(client, wording)
      : changePrompt(client, prompt.id, wording));
    await load();
    setStep(LIST);
  };
  const remove = (prompt: Prompt) => {
    setFailed(null);
    removePrompt(client, prompt.id).then(
      () => {
        setGone(prompt);
        void load();
      },
      () => setFailed("remove"),
    );
  };
  const headings = {
    list: t("prompts.heading"),
    filling: step.kind === "filling" ? step.prompt.name : "",
    form: t(step.kind === "form" && step.prompt !== null ? "prompts.edit" : "prompts.new"),
  };
  return (
    <Sheet
      heading={headings[step.kind]}
      toField
      onClose={step.kind === "list" ? onClose : () => setStep(LIST)}
    >
      {step.kind === "list" && (
        <>
          {gone !== null && (
            <UndoLine
              words={t("prompts.removed", { name: gone.name })}
              focused
              onUndo={async () => {
                await returnPrompt(client, gone.id);
                await load();
                setGone(null);
              }}
              onClose={() => setGone(null)}
            />
          )}
          {failed !== null && (
            <p role="alert" className="field-error">
              {t(`prompts.failed.${failed}`)}
            </p>
          )}
          <PromptList
            prompts={(library ?? NOTHING).prompts}
            loading={library === null && failed === null}
            refocused={gone === null}
            onChoose={choose}
            onEdit={(prompt) => setStep({ kind: "form", prompt })}
            onRemove={remove}
          />
          <div className="actions">
            <Button type="button" outline onClick={() => setStep({ kind: "form", prompt: null })}>
              {t("prompts.new")}
            </Button>
            <Button type="button" outline onClick={onClose}>
              {t("prompts.close")}
            </Button>
          </div>
        </>
      )}
      {step.kind === "filling" && (
        <PromptFilling
          text={step.prompt.text}
          onInsert={onInsert}
          onBack={() => setStep(LIST)}
        />
      )}
      {step.kind === "form" && (
        <PromptForm
          prompt={step.prompt}
          party={library?.may_share_in?.[language] ?? null}
          onSave={(wording) => save(step.prompt, wording)}
          onBack={() => setStep(LIST)}
        />
      )}
    </Sheet>
  );
}

/** Puts a prompt where the cursor is, instead of a slash alone. The field's own undo takes it back. */
function insert(field: HTMLTextAreaElement | null, text: string): void {
  field?.focus();
  if (field?.value === "/") {
    field.select();
  }
  document.execCommand("insertText", false, text);
}
