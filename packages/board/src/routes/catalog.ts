import { type Catalog, type Kind, kinds, type TagInfo } from "../protocol.ts";
import { compareNames } from "../runs/find-runs.ts";
import type { LogStore } from "../runs/log-store.ts";

interface Described {
  readonly displayName: string;
  readonly description: string;
  readonly series: [number, number][];
}

/** @param board - the name of this server's life */
export function catalog(store: LogStore, board: string): Catalog {
  const { runs } = store;
  const files = runs.flatMap((run) => run.files);
  const notDrawn = new Map<string, Set<string>>();
  const tags = new Map<Kind, Map<string, Described>>(kinds.map((kind) => [kind, new Map()]));

  const put = (
    kind: Kind,
    tag: string,
    displayName: string,
    description: string,
    run: number,
    revision: number,
  ): void => {
    const ofKind = tags.get(kind);
    const known = ofKind?.get(tag);
    if (known === undefined) ofKind?.set(tag, { displayName, description, series: [[run, revision]] });
    else known.series.push([run, revision]);
  };
  for (const { id, data } of runs) {
    for (const [tag, { kind, displayName, description, series }] of data.tags) {
      put(kind, tag, displayName, description, id, series.revision);
    }
    if (data.hparams.revision > 0) put("hparams", "", "", "", id, data.hparams.revision);
    for (const [tag, plugin] of data.notDrawn) {
      const known = notDrawn.get(plugin);
      if (known === undefined) notDrawn.set(plugin, new Set([tag]));
      else known.add(tag);
    }
  }

  const infos = (kind: Kind): TagInfo[] =>
    [...(tags.get(kind) ?? [])].map(([tag, info]) => ({ tag, ...info })).sort((a, b) => compareNames(a.tag, b.tag));
  return {
    board,
    version: store.version,
    logDir: store.logDir,
    loading: {
      readBytes: files.reduce((sum, file) => sum + file.offset, 0),
      totalBytes: files.reduce((sum, file) => sum + file.size, 0),
    },
    runs: runs.map(({ id, name, data }) => ({ id, name, startTime: data.startTime ?? null })),
    tags: {
      scalars: infos("scalars"),
      images: infos("images"),
      audio: infos("audio"),
      histograms: infos("histograms"),
      text: infos("text"),
      graphs: infos("graphs"),
      hparams: infos("hparams"),
      prCurves: infos("prCurves"),
      customScalars: infos("customScalars"),
    },
    notDrawn: Object.fromEntries([...notDrawn].map(([plugin, names]) => [plugin, names.size])),
    problems: store.problems,
  };
}
