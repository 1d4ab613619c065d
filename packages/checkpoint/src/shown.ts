// What a file says of itself may be very long: messages show its beginning.

/** A name as messages show it. */
export const quoted = (name: string): string => JSON.stringify(name.length > 200 ? `${name.slice(0, 200)}...` : name);

/** A shape as users write it. */
export const shownShape = (shape: readonly number[]): string =>
  shape.length > 20 ? `[${shape.slice(0, 20).join(", ")}, ...]` : `[${shape.join(", ")}]`;
