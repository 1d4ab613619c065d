import { codeOf } from "./file-source.ts";
import { nodeFileSystem } from "./node-modules.ts";

/**
 * Make a folder and those it is in, where they are missing.
 *
 * Not by Node's `mkdir(path, { recursive: true })`: where a folder is there and takes no others, as one of /proc or a link that leads nowhere,
 * that never ends.
 */
export async function makeFolder(path: string): Promise<void> {
  const { mkdir, stat } = nodeFileSystem();
  const { dirname } = process.getBuiltinModule("node:path");
  const make = async (): Promise<void> => {
    try {
      await mkdir(path);
    } catch (error) {
      // Another process may have been quicker; a file is no folder.
      if (codeOf(error) !== "EEXIST" || !(await stat(path)).isDirectory()) throw error;
    }
  };
  try {
    await make();
  } catch (error) {
    if (codeOf(error) !== "ENOENT" || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await make();
  }
}
