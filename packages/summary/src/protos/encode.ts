import { PbfWriter } from "pbf";

/** The bytes of a message of its own. */
export function encode<Message>(write: (message: Message, pbf: PbfWriter) => void, message: Message): Uint8Array {
  const pbf = new PbfWriter();
  write(message, pbf);
  return pbf.finish();
}
