import { afterEach, expect, it, vi } from "vitest";
import { pathOrUrl } from "./path-or-url.ts";

afterEach(() => vi.unstubAllGlobals());

it("tells paths from URLs", () => {
  expect(pathOrUrl("models/a.safetensors")).toBe("models/a.safetensors");
  expect(pathOrUrl(new URL("file:///models/a%20b.safetensors"))).toBe("/models/a b.safetensors");
  expect(pathOrUrl("https://example.com/a.safetensors")).toEqual(new URL("https://example.com/a.safetensors"));
  expect(pathOrUrl(new URL("blob:a"))).toEqual(new URL("blob:a"));
});

it("takes a string for a URL relative to the page where there is no file system", () => {
  vi.stubGlobal("location", { href: "https://example.com/train/index.html" });
  const { process } = globalThis;
  vi.stubGlobal("process", undefined);
  const url = pathOrUrl("models/a.safetensors");
  vi.stubGlobal("process", process);
  expect(url).toEqual(new URL("https://example.com/train/models/a.safetensors"));
});
