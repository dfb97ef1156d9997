import { refusedWith } from "../../api/asking";
import { Said } from "../../parts/Said";

/** Why the server refused, in its own words where it has any. */
export function Refused({ error, otherwise }: { error: unknown; otherwise: string }) {
  const detail = refusedWith(error)?.detail;
  return (
    <p className="field-error">
      {detail === undefined ? (
        otherwise
      ) : (
        <>
          <Said>{detail.what}</Said> {detail.do !== "" && <Said>{detail.do}</Said>}
        </>
      )}
    </p>
  );
}
