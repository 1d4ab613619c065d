import type { SinkFile, SummarySink } from "../sinks/summary-sink.ts";
import { EventFile, type QueueOptions } from "./event-file.ts";
import { eventFileName, type Machine } from "./names.ts";

/** Who writes, as PyTorch's writer says it. */
const writer = "tensorboard.summary.writer.event_file_writer";

export interface OpenOptions extends QueueOptions {
  readonly sink: SummarySink;
  readonly machine: Machine;
  readonly filenameSuffix: string;
  /** Steps from this one on that earlier files have are void. */
  readonly purgeStep: number | undefined;
}

/** A new event file in `logDir`, with what comes first in it. */
export function openEventFile(logDir: string, options: OpenOptions): EventFile {
  const { sink, purgeStep } = options;
  const fresh = sink.filesIn?.(logDir).every((name) => !name.includes("tfevents")) ?? false;
  const file = new EventFile(create(logDir, options), options);
  try {
    begin(file, purgeStep, fresh);
  } catch (error) {
    // What could not be begun is not waited for at the end of the process.
    file.close().catch(() => {});
    throw error;
  }
  return file;
}

function begin(file: EventFile, purgeStep: number | undefined, fresh: boolean): void {
  const wallTime = Date.now() / 1000;
  const fileVersion = "brain.Event:2";
  file.add({ wallTime, step: 0, fileVersion, sourceMetadata: { writer } });
  if (purgeStep !== undefined) {
    file.add({ wallTime, step: purgeStep, fileVersion });
    file.add({ wallTime, step: purgeStep, sessionLog: { status: 1 } });
  } else if (fresh) {
    // Some of TensorBoard's readers heed the START of a later purge only if it is not the first of the run.
    file.add({ wallTime, step: 0, sessionLog: { status: 1 } });
  }
  // A viewer sees the run from now on.
  file.writeNow();
}

/** Another process, or another thread of this one, may have the name already. */
function create(logDir: string, { sink, machine, filenameSuffix }: OpenOptions): SinkFile {
  for (;;) {
    try {
      return sink.create(`${logDir}/${eventFileName(new Date(), machine, filenameSuffix)}`);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
  }
}
