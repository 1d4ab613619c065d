/** What PyTorch's writer names its directories and files after, in Node; in a browser, where there are no processes, the nearest. */
export interface Machine {
  readonly hostname: string;
  readonly pid: number;
}

/** This process on this machine. */
export function thisMachine(): Machine {
  if (typeof process !== "undefined" && process.getBuiltinModule) {
    return { hostname: process.getBuiltinModule("node:os").hostname(), pid: process.pid };
  }
  // A page has no process id; this keeps apart the pages that are open at once.
  return { hostname: globalThis.location?.hostname || "browser", pid: Math.floor(Math.random() * 2 ** 31) };
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** PyTorch's `runs/Nov28_16-59-22_hostname` and `comment`, in local time. */
export function defaultLogDir(now: Date, { hostname }: Machine, comment: string): string {
  const two = (part: number): string => String(part).padStart(2, "0");
  const day = `${months[now.getMonth()]}${two(now.getDate())}`;
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join("-");
  return `runs/${day}_${time}_${hostname}${comment}`;
}

/** How many event files this process has named. */
let named = 0;

/** PyTorch's `events.out.tfevents.SECONDS.HOSTNAME.PID.COUNT` and `suffix`. No two calls of a process give the same. */
export function eventFileName(now: Date, { hostname, pid }: Machine, suffix: string): string {
  const seconds = String(Math.floor(now.getTime() / 1000)).padStart(10, "0");
  return `events.out.tfevents.${seconds}.${hostname}.${pid}.${named++}${suffix}`;
}
