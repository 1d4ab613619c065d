import { Resvg } from "@resvg/resvg-js";
import { afterEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import { decoded } from "../../test/pictures.ts";
import type { Figure } from "./figure.ts";
import { figureValue } from "./figure-value.ts";
import { type Rasterize, rasterize } from "./rasterize.ts";

const drawn = async (figure: Figure | readonly Figure[], draw: Rasterize = rasterize) =>
  decoded((await figureValue("tag", figure, draw)).image).pixels;

const svg = (fill: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="2" height="1"><rect width="1" height="1" fill="${fill}"/></svg>`;
const red = { shape: [1, 2, 3], dtype: "uint8", data: [255, 0, 0, 255, 255, 255] };

describe("addFigure", () => {
  afterEach(() => vi.restoreAllMocks());

  it("draws SVG as text on white, with resvg in Node", async () => {
    expect(await drawn(svg("red"))).toEqual(red);
    expect(await drawn(`<?xml version="1.0"?>\n<!-- a plot -->${svg("#f00")}\n`)).toEqual(red);
  });

  it("draws elements that are an SVG or hold one, as Observable Plot's with a legend do", async () => {
    expect(await drawn({ outerHTML: svg("red") })).toEqual(red);
    expect(
      await drawn({ outerHTML: `<figure><h2>Loss</h2>${svg("red").replace(/ xmlns="[^"]*"/, "")}</figure>` }),
    ).toEqual(red);
  });

  it("takes a canvas and pixels as they are, on white", async () => {
    const pixels = { width: 2, height: 1, data: Uint8ClampedArray.of(255, 0, 0, 255, 0, 0, 0, 0) };
    expect(await drawn(pixels)).toEqual(red);
    const canvas = { width: 2, height: 1, getContext: () => ({ getImageData: () => pixels }) };
    expect(await drawn(canvas)).toEqual(red);
    const half = { width: 1, height: 1, data: Uint8Array.of(0, 100, 255, 51) };
    // A fifth of the color on four fifths of white.
    expect((await drawn(half)).data).toEqual([204, 224, 255]);
  });

  it("takes what browsers have, by its type", () => {
    expectTypeOf<HTMLCanvasElement>().toExtend<Figure>();
    expectTypeOf<OffscreenCanvas>().toExtend<Figure>();
    expectTypeOf<ImageData>().toExtend<Figure>();
    expectTypeOf<SVGSVGElement | HTMLElement>().toExtend<Figure>();
  });

  it("puts several side by side", async () => {
    const { shape, data } = await drawn([svg("red"), svg("blue")]);
    expect(shape).toEqual([1, 4, 3]);
    expect(data).toEqual([255, 0, 0, 255, 255, 255, 0, 0, 255, 255, 255, 255]);
  });

  it("draws by a function of the user's own, which may take its time", async () => {
    const twice = async (text: string) => {
      const { width, height, pixels } = new Resvg(text, { fitTo: { mode: "zoom", value: 2 } }).render();
      return { width, height, data: pixels };
    };
    expect((await drawn(svg("red"), twice)).shape).toEqual([2, 4, 3]);
  });

  it("says what is wrong, and what to install", async () => {
    const given = (figure: Figure) => () => figureValue("tag", figure, rasterize);
    expect(given("<div>no plot</div>")).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addFigure: there is no <svg> in the figure. Give one that has.]`,
    );
    expect(given({ width: 2, height: 2, data: new Uint8Array(3) })).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addFigure: 3 numbers are no 2 x 2 pixels of four channels.]`,
    );
    // @ts-expect-error: without types
    expect(given(5)).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addFigure: this is no figure. Give an SVG as text, an element with one, a canvas or { width, height, data }.]`,
    );
    vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
    expect(given(svg("red"))).toThrowErrorMatchingInlineSnapshot(
      `[OptionError: addFigure: nothing here draws SVG. Run npm install @resvg/resvg-js, or give { rasterize }, a function from the SVG to its pixels.]`,
    );
  });
});
