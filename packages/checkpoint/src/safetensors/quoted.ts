/** A name as messages show it: a file may hold very long ones. */
export const quoted = (name: string): string => JSON.stringify(name.length > 200 ? `${name.slice(0, 200)}...` : name);
