import { Button } from "@trussworks/react-uswds";
import { useId, type ClipboardEvent, type KeyboardEvent, type RefObject } from "react";

import type { Chat, ModelChoice, Turn } from "../../api/schema";
import { bodyOf, isFormed, markdownOf } from "../../chat/pasting";
import { sizeOf } from "../../chat/size";
import type { Draft } from "../../chat/unsent";
import type { AskedHere } from "../../chat/useAsked";
import type { FilesHere } from "../../chat/useFiles";
import { useLanguage } from "../../i18n/context";
import { OrderName } from "../../parts/OrderName";
import { Countdown } from "./Countdown";
import { AskedChips } from "./AskedCollections";
import { AttachButton, FileChips } from "./Files";
import { LoadLess } from "./LoadLess";
import { ModelMenu } from "./ModelMenu";

export const COMPOSER = "message";

interface Properties {
  chat: Chat;
  turns: readonly Turn[];
  draft: Draft;
  files: FilesHere;
  asked: AskedHere;
  /** Whether an answer is being written, and why nothing can be sent otherwise. */
  writing: boolean;
  blocked: string | null;
  field: RefObject<HTMLTextAreaElement | null>;
  onDraft: (draft: Partial<Draft>) => void;
  /** Gives up the edit of an earlier message. */
  onLeaveEdit: () => void;
  onSend: () => void;
  onStop: () => void;
  /** Shows prompts to begin with; typing a slash first does the same. */
  onPrompts: () => void;
  /** Shows the collections that can be asked. */
  onCollections: () => void;
  /** Shows the person's own instructions. */
  onInstructions: () => void;
  /** Shows what the keyboard does. */
  onShortcuts: () => void;
}

/** Where a message is written. It is never taken away: what cannot be sent yet can be written. */
export function Composer(properties: Properties) {
  const { chat, turns, draft, files, asked, writing, blocked, field } = properties;
  const { onDraft, onLeaveEdit, onSend, onStop } = properties;
  const { onPrompts, onCollections, onInstructions, onShortcuts } = properties;
  const { language, t } = useLanguage();
  const hint = useId();
  const notes = useId();
  const service = chat.service_name[language];
  const model = chat.models.find(({ id }) => id === draft.model) ?? chat.default_model;
  const sent = new Set(turns.flatMap(({ pictures }) => pictures.map(({ file }) => file)));
  const send = () => {
    if (!writing && blocked === null && draft.text.trim() !== "") {
      onSend();
    }
    field.current?.focus();
  };
  const stop = () => {
    onStop();
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      send();
    }
  };
  return (
    <form
      className="composer"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        files.add([...event.dataTransfer.files]);
      }}
      aria-label={t("composer.form")}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="composer-inner">
        <div id={notes}>
          {draft.insteadOf !== null && (
            <p className="note">
              <strong>{t("composer.editing")}</strong> {t("composer.editingMeans")}{" "}
              <Button
                type="button"
                unstyled
                onClick={() => {
                  onLeaveEdit();
                  field.current?.focus();
                }}
              >
                {t("composer.leaveEdit")}
              </Button>
            </p>
          )}
          <Countdown model={model} now={chat.now} zone={chat.zone} />
          <Notes model={model} turns={turns} draft={draft} onDraft={onDraft} />
          {!model.images && files.lines.some(({ file }) => file.found.picture !== "") && (
            <p className="note">{t("pictures.takesNone", { model: model.name })}</p>
          )}
        </div>
        <AskedChips asked={asked} />
        <FileChips files={files} sent={sent} />
        <div className="field">
          <label htmlFor={COMPOSER} className="usa-sr-only">
            {t("composer.label", { service })}
          </label>
          <textarea
            ref={field}
            id={COMPOSER}
            rows={2}
            value={draft.text}
            placeholder={t("composer.label", { service })}
            aria-describedby={`${hint} ${notes}`}
            onChange={(event) => {
              const text = event.currentTarget.value;
              onDraft({ text });
              if (text === "/" && draft.text === "") {
                onPrompts();
              }
            }}
            onKeyDown={onKeyDown}
            onPaste={(event) => {
              const pasted = [...event.clipboardData.files];
              if (pasted.length > 0) {
                event.preventDefault();
                files.add(pasted);
              } else {
                paste(event);
              }
            }}
          />
          <div className="field-bar">
            <AttachButton onAdd={files.add} />
            <Button
              type="button"
              unstyled
              className="quiet"
              aria-haspopup="dialog"
              onClick={onCollections}
            >
              {t("asked.open")}
            </Button>
            <Button
              type="button"
              unstyled
              className="quiet"
              aria-haspopup="dialog"
              onClick={onPrompts}
            >
              {t("prompts.open")}
            </Button>
            <ModelMenu
              chat={chat}
              chosen={draft.model}
              onChoose={(chosen) => onDraft({ model: chosen })}
            />
            {turns.length > 0 && (
              <Button
                type="button"
                unstyled
                className="quiet"
                aria-pressed={draft.fresh}
                onClick={() => onDraft({ fresh: !draft.fresh })}
              >
                {t("composer.fresh")}
              </Button>
            )}
            {writing ? (
              <Button type="button" outline className="send" onClick={stop}>
                {t("composer.stop")}
              </Button>
            ) : (
              <Button type="submit" className="send">
                {t("composer.send")}
              </Button>
            )}
          </div>
        </div>
        <div className="hints">
          <p id={hint} className="hint">
            {blocked ?? (writing ? t("composer.wait", { service }) : t("composer.hint"))}
          </p>
          <Button
            type="button"
            unstyled
            className="quiet"
            aria-haspopup="dialog"
            onClick={onInstructions}
          >
            {t("instructions.open")}
          </Button>
          <LoadLess />
          <Button
            type="button"
            unstyled
            className="quiet keyboard"
            aria-haspopup="dialog"
            onClick={onShortcuts}
          >
            {t("shortcuts.open")}
          </Button>
        </div>
      </div>
    </form>
  );
}

/** Pastes what has a form as Markdown. What the field can undo, it can undo here too. */
function paste(event: ClipboardEvent<HTMLTextAreaElement>) {
  const html = event.clipboardData.getData("text/html");
  const plain = event.clipboardData.getData("text/plain");
  const body = bodyOf(html);
  if (html === "" || !isFormed(body)) {
    return;
  }
  event.preventDefault();
  void markdownOf(body).then(
    (markdown) => document.execCommand("insertText", false, markdown === "" ? plain : markdown),
    () => document.execCommand("insertText", false, plain),
  );
}

interface NotesProperties {
  model: ModelChoice;
  turns: readonly Turn[];
  draft: Draft;
  onDraft: (draft: Partial<Draft>) => void;
}

/** What is to be known before sending: a barred model, a fresh start, too long a text. */
function Notes({ model, turns, draft, onDraft }: NotesProperties) {
  const { language, t } = useLanguage();
  const size = sizeOf(draft.text, { turns, fresh: draft.fresh, context: model.context });
  const counts = { tokens: size.tokens, room: size.room, model: model.name };
  return (
    <>
      {model.outcome === "refuse" && (
        <p className="note note-stop">
          <strong>{t("composer.barred", { model: model.name })}</strong>{" "}
          {model.order === null ? model.explanation[language] : <OrderName order={model.order} />}{" "}
          {draft.model !== null && (
            <Button type="button" unstyled onClick={() => onDraft({ model: null })}>
              {t("composer.usual")}
            </Button>
          )}
        </p>
      )}
      {draft.fresh && (
        <p className="note">
          {t("composer.freshNote")}{" "}
          <Button type="button" unstyled onClick={() => onDraft({ fresh: false })}>
            {t("composer.freshUndo")}
          </Button>
        </p>
      )}
      {draft.text !== "" && size.standing === "near" && (
        <p className="note">{t("composer.near", counts)}</p>
      )}
      {draft.text !== "" && size.standing === "over" && (
        <p className="note note-stop">
          <strong>{t("composer.over", counts)}</strong>{" "}
          {size.own <= size.room && !draft.fresh ? (
            <Button type="button" unstyled onClick={() => onDraft({ fresh: true })}>
              {t("composer.fresh")}
            </Button>
          ) : (
            t("composer.shorten")
          )}
        </p>
      )}
    </>
  );
}
