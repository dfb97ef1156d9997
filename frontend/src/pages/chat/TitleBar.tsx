import { Button, Tag } from "@trussworks/react-uswds";
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from "react";

import { useLanguage } from "../../i18n/context";
import { PageHeading } from "../../parts/PageHeading";

const LONGEST = 80;

interface Properties {
  title: string;
  /** The scenario clock in words, where this is a demonstration. */
  clock: string | null;
  /** Gives the conversation another title; null where there is none to rename. */
  onRename: ((title: string) => Promise<void>) | null;
  /** Shows the conversations, where they are not beside the chat. */
  onList: (() => void) | null;
  /** What else can be done with the conversation. */
  children?: ReactNode;
}

/** The conversation's title, renaming it, and the way to the others. */
export function TitleBar({ title, clock, onRename, onList, children }: Properties) {
  const { t } = useLanguage();
  const [renaming, setRenaming] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const came = useRef(false);
  useEffect(() => {
    if (!renaming && came.current) {
      button.current?.focus();
    }
    came.current = renaming;
  }, [renaming]);
  const done = () => setRenaming(false);
  return (
    <div className="title-bar">
      {onList !== null && (
        <Button type="button" outline className="small list-button" onClick={onList}>
          {t("conversations.heading")}
        </Button>
      )}
      {renaming && onRename !== null ? (
        <RenameForm title={title} onRename={onRename} onDone={done} />
      ) : (
        <>
          <div className="title" dir="auto">
            <PageHeading text={title} />
          </div>
          {onRename !== null && (
            <button
              ref={button}
              type="button"
              className="usa-button usa-button--unstyled quiet"
              onClick={() => setRenaming(true)}
            >
              {t("title.rename")}
            </button>
          )}
          {children}
        </>
      )}
      {clock !== null && (
        <>
          {onList === null && <span className="clock muted">{clock}</span>}
          <Tag className="tag-stand-in">{t("demo.heading")}</Tag>
        </>
      )}
    </div>
  );
}

interface FormProperties {
  title: string;
  onRename: (title: string) => Promise<void>;
  onDone: () => void;
}

function RenameForm({ title, onRename, onDone }: FormProperties) {
  const { t } = useLanguage();
  const [text, setText] = useState(title);
  const [failed, setFailed] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setFailed(false);
    if (text.trim() === "" || text.trim() === title) {
      onDone();
      return;
    }
    onRename(text).then(onDone, () => setFailed(true));
  };
  return (
    <form
      className="rename"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.stopPropagation();
          onDone();
        }
      }}
    >
      <h1 className="usa-sr-only">{title}</h1>
      <label className="usa-sr-only" htmlFor="title">
        {t("title.label")}
      </label>
      <input
        ref={field}
        id="title"
        maxLength={LONGEST}
        value={text}
        aria-invalid={failed}
        aria-describedby={failed ? "title-failed" : undefined}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit" className="small">
        {t("title.save")}
      </Button>
      <Button type="button" outline className="small" onClick={onDone}>
        {t("title.cancel")}
      </Button>
      {failed && (
        <p id="title-failed" role="alert" className="field-error">
          {t("title.failed")}
        </p>
      )}
    </form>
  );
}
