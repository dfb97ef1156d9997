import { Button } from "@trussworks/react-uswds";
import { useEffect, useState } from "react";

import { refusedWith } from "../../api/asking";
import { fetchOriginal } from "../../api/attachments";
import type { SentPicture } from "../../api/schema";
import { useLanguage } from "../../i18n/context";
import { Sheet } from "../../parts/Sheet";
import { useSession } from "../../session/context";

/** The pictures that went with a message, each opened by its name. */
export function SentPictures({ pictures }: { pictures: readonly SentPicture[] }) {
  const { t } = useLanguage();
  const [opened, setOpened] = useState<SentPicture | null>(null);
  if (pictures.length === 0) {
    return null;
  }
  return (
    <>
      <ul className="attached sent-pictures" aria-label={t("pictures.list")}>
        {pictures.map((one) => (
          <li key={one.file} className="file">
            <Button type="button" unstyled aria-haspopup="dialog" onClick={() => setOpened(one)}>
              <span dir="auto">{one.name}</span>
            </Button>
          </li>
        ))}
      </ul>
      {opened !== null && <PictureSheet picture={opened} onClose={() => setOpened(null)} />}
    </>
  );
}

function PictureSheet({ picture, onClose }: { picture: SentPicture; onClose: () => void }) {
  const { t } = useLanguage();
  const { client } = useSession();
  const [address, setAddress] = useState<string | null>(null);
  const [failed, setFailed] = useState<"gone" | "lost" | null>(null);
  useEffect(() => {
    const gone = new AbortController();
    let made: string | null = null;
    fetchOriginal(client, picture.file, gone.signal).then(
      ({ content }) => {
        made = URL.createObjectURL(new Blob([bytesOf(content)]));
        setAddress(made);
      },
      (error: unknown) => {
        if (!gone.signal.aborted) {
          setFailed(refusedWith(error)?.status === 404 ? "gone" : "lost");
        }
      },
    );
    return () => {
      gone.abort();
      if (made !== null) {
        URL.revokeObjectURL(made);
      }
    };
  }, [client, picture.file]);
  return (
    <Sheet heading={picture.name} onClose={onClose}>
      {failed !== null && <p role="alert">{t(`pictures.${failed}`)}</p>}
      {address !== null && (
        <img className="picture" src={address} alt={t("pictures.alt", { name: picture.name })} />
      )}
      <div className="actions">
        <Button type="button" onClick={onClose}>
          {t("sources.close")}
        </Button>
      </div>
    </Sheet>
  );
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
