/** `weightDecay` as PyTorch spells it in a state dict: `weight_decay`. */
export const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** `weight_decay` as it is spelled here: `weightDecay`. A leading underscore stays. */
export const camelCase = (name: string): string =>
  name.replace(/(?<=[^_])_([a-z])/g, (_, letter: string) => letter.toUpperCase());
