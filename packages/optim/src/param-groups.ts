import { isParameter, type Parameter } from "./parameter.ts";

/** A parameter with the name that state dicts give it. */
export type NamedParameter = readonly [name: string, parameter: Parameter];

/** One or more parameters, all of them with names or none. */
export type Params = Parameter | Iterable<Parameter> | Iterable<NamedParameter>;

/** What schedulers write into groups. A new group may bring it along. */
export interface ScheduleExtras {
  /** The rate before any schedule. */
  initialLr?: number;
  maxLr?: number;
  minLr?: number;
  baseMomentum?: number;
  maxMomentum?: number;
  swaLr?: number;
}

const extraKeys: Record<keyof Omit<GroupExtras, "params">, true> = {
  paramNames: true,
  initialLr: true,
  maxLr: true,
  minLr: true,
  baseMomentum: true,
  maxMomentum: true,
  swaLr: true,
};

/** What a group may have beside an optimizer's options. */
export const isGroupExtra = (key: string): boolean => Object.hasOwn(extraKeys, key);

/** Parameters with options of their own; what is left out comes from the optimizer's options. */
export type ParamGroupInput<Options extends object> = Partial<Options> & ScheduleExtras & { readonly params: Params };

/** What an optimizer is made for: parameters, `[name, parameter]` pairs, or groups. */
export type ParamsInput<Options extends object> =
  | Iterable<Parameter>
  | Iterable<NamedParameter>
  | Iterable<ParamGroupInput<Options>>;

/** The options every group has, whatever the optimizer. */
export interface GroupExtras extends ScheduleExtras {
  params: Parameter[];
  /** The parameters' names, where they came with names. */
  paramNames?: string[];
}

/** A group of an optimizer: every option, and the parameters it is for. Change an option and the next step uses it. */
export type ParamGroup<Options extends object> = Options & GroupExtras;

const wrongElement = (where: string, got: unknown): TypeError =>
  new TypeError(
    `${where}: can only optimize parameters, but one of the params is ${describe(got)}. ` +
      "Pass model.parameters(), or wrap a typed array: arrayParameter(array).",
  );

function describe(value: unknown): string {
  if (value === null || typeof value !== "object") return String(value);
  return Object.getPrototypeOf(value)?.constructor?.name ?? "an object";
}

const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === "object" && value !== null && Symbol.iterator in value;

const isNamed = (value: unknown): value is NamedParameter =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === "string" && isParameter(value[1]);

/** The groups an optimizer's first argument stands for. */
export function groupsOf<Options extends object>(
  where: string,
  params: ParamsInput<Options>,
): ParamGroupInput<Options>[] {
  if (isParameter(params) || !isIterable(params)) {
    throw new TypeError(
      `${where}: params must be a list of parameters or of groups, got ${isParameter(params) ? "a single parameter" : describe(params)}. ` +
        "Put it in a list: [parameter].",
    );
  }
  const list: unknown[] = [...params];
  if (list.length === 0) {
    throw new RangeError(`${where}: got an empty parameter list. Pass model.parameters() of a model that has some.`);
  }
  const isGroup = (each: unknown): boolean =>
    typeof each === "object" && each !== null && "params" in each && !isParameter(each);
  if (list.every(isGroup)) return list as ParamGroupInput<Options>[];
  const stray = list.find((each) => !isParameter(each) && !isNamed(each));
  if (stray !== undefined) throw wrongElement(where, isGroup(stray) ? "a group among parameters" : stray);
  return [{ params: list }] as unknown as ParamGroupInput<Options>[];
}

/** The parameters of one group, and their names if they have some. */
export function paramsOf(where: string, params: Params): Pick<GroupExtras, "params" | "paramNames"> {
  const list: unknown[] = isParameter(params) ? [params] : isIterable(params) ? [...params] : [params];
  const parameters: Parameter[] = [];
  const names: string[] = [];
  for (const each of list) {
    const parameter = isNamed(each) ? each[1] : each;
    if (!isParameter(parameter)) throw wrongElement(where, each);
    if (parameter.isLeaf === false && !parameter.retainsGrad) {
      throw new RangeError(
        `${where}: can't optimize a non-leaf tensor of shape [${parameter.shape.join(", ")}]: it was computed from others. ` +
          "Optimize the tensors it was made from, or detach it.",
      );
    }
    parameters.push(parameter);
    if (isNamed(each)) names.push(each[0]);
  }
  if (names.length > 0 && names.length < parameters.length) {
    throw new RangeError(
      `${where}: all params should be with or without names, but ${names.length} of ${parameters.length} in one group have one. ` +
        "Pass model.namedParameters(), or model.parameters().",
    );
  }
  return names.length > 0 ? { params: parameters, paramNames: names } : { params: parameters };
}

/** Numbers in order of first appearance, as PyTorch gives them: a parameter twice in one group has the number of its last place. */
export function numbersOfParameters(groups: readonly Pick<GroupExtras, "params">[]): Map<Parameter, number> {
  const numbers = new Map<Parameter, number>();
  let next = 0;
  for (const { params } of groups) {
    for (const parameter of params) numbers.set(parameter, next++);
  }
  return numbers;
}
