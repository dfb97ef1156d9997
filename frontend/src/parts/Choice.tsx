import { useId } from "react";

export interface Option {
  value: string;
  text: string;
}

interface Properties {
  label: string;
  value: string;
  options: readonly Option[];
  onChoose: (value: string) => void;
}

/** One of several, chosen from a list that the browser draws. */
export function Choice({ label, value, options, onChoose }: Properties) {
  const id = useId();
  return (
    <div className="field-group">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </div>
  );
}
