import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { HasParamGroups, Schedule, ScheduledGroup, Scheduler } from "../src/index.ts";
import { defaultsOf, optionsOf, type ReferenceRow, reference } from "./reference.ts";

export interface TestedOptimizer extends HasParamGroups {
  paramGroups: ScheduledGroup[];
  steps: number;
  step(): void;
}

/** Not an Anneal optimizer: the least that trains. */
export function plainOptimizer(
  lrs: readonly number[] = [0.05, 0.5],
  rest: Partial<ScheduledGroup> = { momentum: 0.5 },
): TestedOptimizer {
  return {
    paramGroups: lrs.map((lr) => ({ lr, ...rest })),
    steps: 0,
    step() {
      this.steps += 1;
    },
  };
}

const optimizerOf = (kind: "SGD" | "Adam"): TestedOptimizer =>
  plainOptimizer([0.05, 0.5], kind === "Adam" ? { betas: [0.9, 0.999] } : { momentum: 0.5 });

export const lrsOf = (optimizer: TestedOptimizer): number[] => optimizer.paramGroups.map(({ lr }) => lr);

const momentumsOf = (optimizer: TestedOptimizer): number[] =>
  optimizer.paramGroups.map(({ momentum, betas }) => betas?.[0] ?? momentum ?? Number.NaN);

// Both sides compute in float64 and chain at most 25 roundings; 1e-10 is far above those and far below any wrong formula.
export function expectLrs(got: readonly number[], expected: readonly number[] | undefined): void {
  expect(got.length).toBe(expected?.length);
  got.forEach((lr, index) => {
    expect(Math.abs(lr - (expected?.[index] ?? Number.NaN))).toBeLessThan(1e-10);
  });
}

function expectGroups(optimizer: TestedOptimizer, expected: ReferenceRow | undefined): void {
  expectLrs(lrsOf(optimizer), expected?.lr);
  expectLrs(momentumsOf(optimizer), expected?.momentum);
}

export interface SchedulerUnderTest<Options> {
  make(
    optimizer: TestedOptimizer,
    options: Options & { lastEpoch?: number },
  ): Scheduler & { step(epoch?: number): void };
  /** Only what must be given. */
  minimal: Options;
  /** The function with the same options, where there is one. */
  schedule?(options: Options & { lr: number }): Schedule;
  /** What our state after three steps has instead of PyTorch's. */
  state?: object;
  /** Whether the options can be misspelt. */
  misspelt?: boolean;
}

/** What every scheduler must do, over every recorded case of `name`. */
export function testScheduler<Options extends object>(
  name: string,
  { make, minimal, schedule, state: ours, misspelt = true }: SchedulerUnderTest<Options>,
): void {
  const cases = reference.cases.filter((each) => each.name === name);
  const warn = vi.spyOn(console, "warn");
  beforeEach(() => void warn.mockReset().mockImplementation(() => {}));
  afterEach(() => void warn.mockReset());

  describe.each(cases)(`${name} over $optimizer, $kwargs`, (each) => {
    const { rows } = each;
    const options = (): Options => optionsOf(each.kwargs) as Options;

    function build(more: object = {}) {
      const optimizer = optimizerOf(each.optimizer);
      return { optimizer, scheduler: make(optimizer, { ...options(), ...more }) };
    }

    function expectRows(from: number, { optimizer, scheduler }: ReturnType<typeof build>): void {
      for (const row of rows.slice(from)) {
        expectGroups(optimizer, row);
        expectLrs(scheduler.getLastLr(), row.lr);
        optimizer.step();
        scheduler.step();
      }
    }

    it("gives PyTorch's rates and momentums, from construction on", () => {
      expectRows(0, build());
      expect(warn).not.toHaveBeenCalled();
    });

    if (each.jumps) {
      it("jumps to an epoch as PyTorch does, and goes on from there", () => {
        const { optimizer, scheduler } = build();
        for (const { epoch, ...row } of each.jumps ?? []) {
          scheduler.step(epoch ?? undefined);
          expectGroups(optimizer, row);
        }
      });
    }

    it("seeks any epoch, and goes on from there as if it had never been elsewhere", () => {
      for (const epoch of [rows.length - 1, 0, 7, 3, 4, 1]) {
        const tested = build();
        for (let k = 0; k < 5; k++) tested.scheduler.step();
        tested.scheduler.seek(epoch);
        expect(tested.scheduler.lastEpoch).toBe(epoch);
        expectRows(epoch, tested);
      }
    });

    it("tells the rates of any epoch without changing anything", () => {
      const { optimizer, scheduler } = build();
      scheduler.step();
      const before = structuredClone([optimizer.paramGroups, scheduler.stateDict()]);
      for (const [epoch, row] of [...rows.entries()].reverse()) expectLrs(scheduler.lrsAt(epoch), row.lr);
      expect([optimizer.paramGroups, scheduler.stateDict()]).toEqual(before);
    });

    it("resumes with lastEpoch at any epoch, boundaries included", () => {
      for (let epoch = 1; epoch < rows.length; epoch++) {
        const uninterrupted = build();
        for (let k = 0; k < epoch; k++) uninterrupted.scheduler.step();
        // As after building a scheduler and loading the optimizer's state: the groups are those of the saved run.
        const groups = structuredClone(uninterrupted.optimizer.paramGroups);
        const optimizer = optimizerOf(each.optimizer);
        optimizer.paramGroups = groups;
        expectRows(epoch, { optimizer, scheduler: make(optimizer, { ...options(), lastEpoch: epoch - 1 }) });
      }
    });

    const saved = each.state_after_3;
    if (saved) {
      it("saves PyTorch's state", () => {
        const { optimizer, scheduler } = build();
        for (let k = 0; k < 3; k++) scheduler.step();
        const state = scheduler.stateDict();
        expect(Object.keys(state).sort()).toEqual(Object.keys(saved).sort());
        expect(state).toEqual(closeTo({ ...saved, ...ours }));
        expect(optimizer.paramGroups).toMatchObject(closeTo(each.groups_after_3.map(optionsOf)) as object[]);
      });

      it("goes on from PyTorch's state", () => {
        const uninterrupted = build();
        for (let k = 0; k < 3; k++) uninterrupted.scheduler.step();
        const resumed = build();
        resumed.scheduler.loadStateDict(saved);
        resumed.optimizer.paramGroups = structuredClone(uninterrupted.optimizer.paramGroups);
        expectRows(3, resumed);
      });
    }

    it("resumes bit for bit from its own state, at any epoch", () => {
      for (let epoch = 0; epoch < Math.min(12, rows.length); epoch++) {
        const { optimizer, scheduler } = build();
        for (let k = 0; k < epoch; k++) scheduler.step();
        const saved: object = JSON.parse(JSON.stringify(scheduler.stateDict()));
        const other = build();
        other.scheduler.loadStateDict(saved);
        other.optimizer.paramGroups = structuredClone(optimizer.paramGroups);
        for (let k = 0; k < 8; k++) {
          scheduler.step();
          other.scheduler.step();
          expect(other.optimizer.paramGroups).toEqual(optimizer.paramGroups);
        }
        expect(other.scheduler.stateDict()).toEqual(scheduler.stateDict());
      }
    });

    it("never aliases what it gives away or takes in", () => {
      const { scheduler } = build();
      const before = structuredClone(scheduler.stateDict());
      scribble(scheduler.stateDict());
      scheduler.getLastLr().fill(9);
      expect(scheduler.stateDict()).toEqual(before);
      const loaded = structuredClone(before);
      scheduler.loadStateDict(loaded);
      scribble(loaded);
      expect(scheduler.stateDict()).toEqual(before);
    });

    it("stays finite far beyond its end", () => {
      const { optimizer, scheduler } = build();
      for (let k = 0; k < 300; k++) scheduler.step();
      expect(lrsOf(optimizer).every((lr) => Number.isFinite(lr) && lr >= 0)).toBe(true);
    });

    if (schedule) {
      it("has a function that agrees at every step, asked in any order", () => {
        for (const [group, lr] of [0.05, 0.5].entries()) {
          const at = schedule(ofGroup(options(), group, lr));
          for (const [step, row] of [...rows.entries()].reverse()) expectLrs([at(step)], [row.lr[group] ?? Number.NaN]);
        }
      });
    }

    if (misspelt)
      it("suggests the right option for one that is misspelt or spelt as in PyTorch", () => {
        for (const [pythons, option] of Object.keys(each.kwargs).map((key, index) => [
          key,
          Object.keys(options())[index],
        ])) {
          const { [option as keyof Options]: value, ...rest } = options();
          for (const typo of [pythons ?? "", option?.slice(0, -1) ?? ""].filter(
            (typo) => typo !== option && typo.length > 2,
          )) {
            const wrong = { ...rest, [typo]: value } as unknown as Options;
            const message = `${name}: no option ${typo}. Did you mean ${option}?`;
            expect(() => make(optimizerOf(each.optimizer), wrong)).toThrow(message);
          }
        }
      });
  });

  it(`${name} has PyTorch's defaults`, () => {
    const [implied, explicit] = [plainOptimizer(), plainOptimizer()];
    const scheduler = make(implied, minimal);
    const same = make(explicit, { ...minimal, ...defaultsOf(name) });
    expect(scheduler.stateDict()).toEqual(same.stateDict());
    expect(implied.paramGroups).toEqual(explicit.paramGroups);
    expect(scheduler.lastEpoch).toBe(0);
  });

  it(`${name} warns once when it steps before the optimizer`, () => {
    const first = cases[0];
    const scheduler = make(optimizerOf("SGD"), optionsOf(first?.kwargs ?? {}) as Options);
    scheduler.step();
    scheduler.step();
    const messages = warn.mock.calls.map(([message]) => message);
    expect(messages).toEqual([...new Set(messages)]);
    expect(messages[0]).toContain("call optimizer.step() before scheduler.step()");
  });
}

/** What a scheduler that PyTorch does not have must do: agree with its function, however it gets to an epoch. */
export function testOwnScheduler<Options extends object>(
  name: string,
  under: {
    make(optimizer: TestedOptimizer, options: Options & { lastEpoch?: number }): Scheduler;
    schedule(options: Options & { lr: number }): Schedule;
    cases: readonly Options[];
  },
): void {
  describe.each(under.cases)(`${name} %o`, (options) => {
    const schedules = [0.05, 0.5].map((lr) => under.schedule({ ...options, lr }));
    const expected = (epoch: number): number[] => schedules.map((at) => at(epoch));
    const build = (more: object = {}, lrs = [0.05, 0.5]) => {
      const optimizer = plainOptimizer(lrs);
      return { optimizer, scheduler: under.make(optimizer, { ...options, ...more }) };
    };

    function expectRates(from: number, { optimizer, scheduler }: ReturnType<typeof build>): void {
      for (let epoch = from; epoch < 30; epoch++) {
        expectLrs(lrsOf(optimizer), expected(epoch));
        expectLrs(scheduler.lrsAt(epoch), expected(epoch));
        optimizer.step();
        scheduler.step();
      }
    }

    it("agrees with its function at every epoch", () => {
      expectRates(0, build());
    });

    it("seeks any epoch", () => {
      for (const epoch of [17, 0, 3, 9]) {
        const tested = build();
        tested.scheduler.seek(epoch);
        expectRates(epoch, tested);
      }
    });

    it("goes on from its state, and with lastEpoch", () => {
      for (let epoch = 1; epoch < 15; epoch++) {
        const { optimizer, scheduler } = build();
        scheduler.seek(epoch);
        const loaded = build();
        loaded.scheduler.loadStateDict(JSON.parse(JSON.stringify(scheduler.stateDict())));
        loaded.optimizer.paramGroups = structuredClone(optimizer.paramGroups);
        expectRates(epoch, loaded);
        const groups = structuredClone(optimizer.paramGroups);
        const resumed = plainOptimizer();
        resumed.paramGroups = groups;
        expectRates(epoch, {
          optimizer: resumed,
          scheduler: under.make(resumed, { ...options, lastEpoch: epoch - 1 }),
        });
      }
    });
  });
}

/** Numbers that may differ in their last bits, for PyTorch may have rounded elsewhere on the way. */
function closeTo(expected: unknown): unknown {
  if (typeof expected === "number" && !Number.isInteger(expected)) return expect.closeTo(expected, 10);
  if (Array.isArray(expected)) return expected.map(closeTo);
  if (typeof expected !== "object" || expected === null) return expected;
  return Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, closeTo(value)]));
}

/** Overwrite everything inside a state. */
function scribble(state: object): void {
  for (const [key, value] of Object.entries(state)) {
    if (typeof value === "object" && value !== null) scribble(value);
    else Reflect.set(state, key, "scribble");
  }
}

/** The options of one group, as a function takes them. */
function ofGroup<Options extends object>(options: Options, group: number, lr: number): Options & { lr: number } {
  const entries = Object.entries(options).map(([name, value]) => [
    name,
    name !== "milestones" && Array.isArray(value) ? value[group] : value,
  ]);
  return { lr, ...Object.fromEntries(entries) };
}
