/** A command to type: one line, however it is shown, and never translated. */
export function Command({ line }: { line: string }) {
  return (
    <pre className="command" translate="no">
      <code>{line}</code>
    </pre>
  );
}
