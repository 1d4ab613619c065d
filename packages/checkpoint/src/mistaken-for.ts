const beginnings: readonly (readonly [start: string, mend: string])[] = [
  ["PK\x03\x04", "It is a zip file, as PyTorch writes them: read it with loadPt."],
  ["\x80\x02", "It is a pickle, as old versions of PyTorch write them: read it with loadPt."],
  ["version https://git-lfs", "It is a pointer of Git LFS: fetch the file that it stands for with git lfs pull."],
  ["<", "It is a web page, perhaps one that tells of an error: download the file itself."],
  ["\x89HDF", "It is an HDF5 file: convert it with the program that wrote it."],
  ["{", "It is JSON. The index of a sharded model is read under its own name, which ends in .index.json."],
];

/** What to do about a file that is none of a format, by what its first bytes say that it is. */
export function mistakenFor(beginning: Uint8Array, format: string): string {
  const start = String.fromCharCode(...beginning.subarray(0, 32));
  const known = beginnings.find(([magic]) => start.startsWith(magic));
  return known?.[1] ?? `It is no ${format} file, or damaged: copy or download it again.`;
}
