import { useId } from "react";

interface Properties {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** A field that narrows what is shown while one types. */
export function Search({ label, value, onChange }: Properties) {
  const id = useId();
  return (
    <div className="field-group">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="search"
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}

/** Whether one of the texts holds what is looked for, whatever the case. */
export function matches(sought: string, texts: readonly string[]): boolean {
  const plain = sought.trim().toLocaleLowerCase();
  return plain === "" || texts.some((text) => text.toLocaleLowerCase().includes(plain));
}
