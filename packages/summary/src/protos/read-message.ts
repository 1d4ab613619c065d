import type { PbfReader } from "pbf";

/** Puts one field of a message where it belongs; what it does not read is skipped. */
export type ReadField<Message> = (field: number, message: Message, pbf: PbfReader) => void;

/**
 * Reads a message that ends at `end`, and makes sure that it does: lengths in a file are not to be trusted.
 *
 * @throws {RangeError} if a field reaches beyond the message, or there is something else than fields
 */
export function readMessage<Message>(
  pbf: PbfReader,
  readField: ReadField<Message>,
  message: Message,
  end = pbf.readVarint() + pbf.pos,
): Message {
  if (end > pbf.length) throw new RangeError(`a length reaches ${end - pbf.length} bytes beyond the record`);
  for (let field = pbf.nextField(end); field !== 0; field = pbf.nextField(end)) readField(field, message, pbf);
  if (pbf.pos !== end) throw new RangeError(`a field does not end where its message does, at byte ${end}`);
  return message;
}
