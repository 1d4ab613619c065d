import { type PageFiles, pageFiles } from "../src/server/page-files.ts";

/** A page without anything in it, for tests of the server. */
export const pageStub = (): Promise<PageFiles> => pageFiles(async (name) => Buffer.from(`the page's ${name}`));
