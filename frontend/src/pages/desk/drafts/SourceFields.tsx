import { Button } from "@trussworks/react-uswds";
import { useState } from "react";

import { captureSource } from "../../../api/drafts";
import { useLanguage } from "../../../i18n/context";
import { FileField, TextField } from "../../../parts/form/fields";
import { useSession } from "../../../session/context";
import { TroubleAlert } from "../../administration/TroubleAlert";
import { useDeed } from "../../administration/useDeed";
import { TextAt } from "./parts";
import { textAt, wrongAt } from "./form";
import { useEntries, useWriting } from "./writing";
import { Said } from "../../../parts/Said";

interface Given {
  file: File;
  address: string;
  account: string;
}

/** The texts that the instrument rests on: a file that is kept, or an address with its digest. */
export function SourceFields() {
  const { t } = useLanguage();
  const { client } = useSession();
  const { form, problems } = useWriting();
  const { count, add, remove } = useEntries(["sources"]);
  const [address, setAddress] = useState("");
  const [account, setAccount] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const capturing = useDeed(
    (given: Given) => captureSource(client, given.file, given.address, given.account),
    (source) => {
      add(source.account == null ? { ...source, account: undefined } : source);
      setFile(null);
      setAddress("");
      setAccount("");
    },
  );
  const wrong = wrongAt(problems, ["sources"]);
  return (
    <>
      {wrong && (
        <p className="field-error">
          <Said>{wrong}</Said>
        </p>
      )}
      {Array.from({ length: count }, (_, index) => (
        <fieldset key={index} className="set-in">
          <legend>{textAt(form, ["sources", index, "address"]) || t("drafts.source")}</legend>
          <div className="form-row">
            <TextAt path={["sources", index, "address"]} label="drafts.sourceAddress" />
            <TextAt path={["sources", index, "sha256"]} label="drafts.sourceDigest" />
            <TextAt path={["sources", index, "captured"]} label="drafts.sourceCaptured" />
            <TextAt path={["sources", index, "account"]} label="drafts.sourceAccount" optional />
          </div>
          <Button type="button" unstyled onClick={() => remove(index)}>
            {t("drafts.removeSource")}
          </Button>
        </fieldset>
      ))}
      <fieldset className="set-in">
        <legend>{t("drafts.addSource")}</legend>
        <FileField
          label={t("drafts.sourceFile")}
          hint={t("drafts.sourceFileHint")}
          onFiles={([given]) => setFile(given ?? null)}
        />
        <div className="form-row">
          <TextField label={t("drafts.sourceAddress")} value={address} onChange={setAddress} />
          <TextField label={t("drafts.sourceAccount")} value={account} onChange={setAccount} />
        </div>
        <TroubleAlert trouble={capturing.trouble} />
        <div className="buttons">
          <Button
            type="button"
            outline
            disabled={file === null || capturing.pending}
            onClick={() => file !== null && capturing.go({ file, address, account })}
          >
            {t(capturing.pending ? "drafts.capturing" : "drafts.capture")}
          </Button>
          <Button
            type="button"
            unstyled
            onClick={() => add({ address, sha256: "", captured: "" })}
          >
            {t("drafts.sourceByDigest")}
          </Button>
        </div>
      </fieldset>
    </>
  );
}
