/**
 * Offers files for download, in a browser: those of a {@link memorySink}. Slashes in their paths become underscores.
 *
 * @param files - bytes by path
 */
export function downloadFiles(files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): void {
  for (const [path, bytes] of files) {
    const url = URL.createObjectURL(new Blob([bytes]));
    const link = document.createElement("a");
    link.href = url;
    link.download = path.replaceAll("/", "_");
    link.click();
    URL.revokeObjectURL(url);
  }
}
