import { createContext, useContext } from "react";

import type { Choices, DraftProblem, Form } from "../../../api/drafts";
import { listAt, namesAt, textAt, valueAt, wrongAt, type Path } from "./form";

/** A form that is being written, and what its fields choose from. */
export interface Writing {
  form: Form;
  choices: Choices;
  problems: readonly DraftProblem[];
  /** Writes a value; undefined takes what is there away. */
  put: (path: Path, value: unknown) => void;
}

export const WritingContext = createContext<Writing | null>(null);

export function useWriting(): Writing {
  const writing = useContext(WritingContext);
  if (writing === null) {
    throw new Error("There is no form to write in.");
  }
  return writing;
}

interface Written<T> {
  value: T;
  onChange: (value: T) => void;
  wrong: string | undefined;
}

/** A text at a path. An empty one is taken away where `optional`, so that nothing stands there. */
export function useText(path: Path, optional = false): Written<string> {
  const { form, problems, put } = useWriting();
  return {
    value: textAt(form, path),
    onChange: (value) => put(path, value === "" && optional ? undefined : value),
    wrong: wrongAt(problems, path),
  };
}

/** Names at a path; none are taken away. */
export function useNames(path: Path): {
  chosen: string[];
  onChange: (names: string[]) => void;
  wrong: string | undefined;
} {
  const { form, problems, put } = useWriting();
  return {
    chosen: namesAt(form, path),
    onChange: (names) => put(path, names.length === 0 ? undefined : names),
    wrong: wrongAt(problems, path, true),
  };
}

/** Yes or no at a path; no is taken away. */
export function useTick(path: Path): { checked: boolean; onChange: (checked: boolean) => void } {
  const { form, put } = useWriting();
  return {
    checked: valueAt(form, path) === true,
    onChange: (checked) => put(path, checked ? true : undefined),
  };
}

/** How many entries a list has, and adding to it and taking from it. */
export function useEntries(path: Path): {
  count: number;
  add: (entry: unknown) => void;
  remove: (index: number) => void;
} {
  const { form, put } = useWriting();
  const count = listAt(form, path).length;
  return {
    count,
    add: (entry) => put([...path, count], entry),
    remove: (index) => put([...path, index], undefined),
  };
}
