import type { Parameter } from "./parameter.ts";

/** A new state slot, shaped like the parameter, that holds `value` everywhere. */
export function filled(parameter: Parameter, value: number): unknown {
  if (value === 0) return parameter.zeros();
  const { shape } = parameter;
  const size = shape.reduce((product, length) => product * length, 1);
  return parameter.loadState({ shape, data: new Float64Array(size).fill(value) }, "a new state slot");
}
