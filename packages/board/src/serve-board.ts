import { randomUUID } from "node:crypto";
import { realpath, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { OptionError } from "@anneal/summary";
import { json, RequestError } from "./routes/answer.ts";
import { catalog } from "./routes/catalog.ts";
import { number } from "./routes/query.ts";
import { routes } from "./routes/routes.ts";
import { LogStore } from "./runs/log-store.ts";
import { builtPage, type PageFiles } from "./server/page-files.ts";
import { refusal } from "./server/request-guard.ts";
import { securityHeaders } from "./server/security-headers.ts";
import { send, sendText } from "./server/send.ts";

export interface BoardOptions {
  /** The folder under which the runs are: the one that the writers' folders have in common. */
  logDir: string;
  /**
   * The port of 127.0.0.1 to listen on. If it is taken, the next free one is, of the hundred after it. 0 for any that is free.
   *
   * @defaultValue 6006
   */
  port?: number;
}

/** A board that is served. */
export interface Board {
  /** Where to see it: `http://127.0.0.1:6006/`. */
  readonly url: string;
  /** Whether it is another port than the one asked for, which was taken. */
  readonly portTaken: boolean;
  /** Ends the server and the reading. */
  close(): Promise<void>;
}

/** How long after a look at the files the next one is, in ms. */
const pause = 1000;

/** How many ports are tried. */
const portsTried = 100;

/**
 * Serves the board of a log directory to this machine's browsers: nothing listens but 127.0.0.1, nothing is written, and no file is shown
 * but the event files under `logDir`. It follows them as they grow.
 *
 * @throws {OptionError} if there is no folder `logDir`, or `port` is no port
 * @example
 * import { mkdtempSync } from "node:fs";
 * import { serveBoard } from "@anneal/board";
 *
 * const board = await serveBoard({ logDir: mkdtempSync("/tmp/runs-"), port: 0 });
 * board.url.startsWith("http://127.0.0.1:"); // => true
 * await board.close();
 */
export async function serveBoard(options: BoardOptions): Promise<Board> {
  return servePage(options, await builtPage());
}

/** As {@link serveBoard}, with the page's files given. */
export async function servePage(options: BoardOptions, page: PageFiles): Promise<Board> {
  const { logDir, port = 6006 } = await checked(options);
  const store = new LogStore(logDir);
  const name = randomUUID();
  const server = createServer((request, response) => {
    answer(request, response, store, name, page).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else if (error instanceof RequestError) sendText(request, response, error.status, error.message);
      else sendText(request, response, 500, `The board failed: ${error instanceof Error ? error.message : error}`);
    });
  });
  const taken = await listen(server, port);
  const following = follow(store);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    portTaken: taken,
    async close() {
      await following.end();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  store: LogStore,
  name: string,
  page: PageFiles,
): Promise<void> {
  for (const [header, value] of Object.entries(securityHeaders)) response.setHeader(header, value);
  const refused = refusal(request);
  if (refused !== undefined) return sendText(request, response, refused.status, refused.message);

  const url = addressOf(request);
  const file = page.get(url.pathname);
  if (file !== undefined) return send(request, response, file);
  if (url.pathname === "/api/catalog") {
    if (number(url.searchParams, "known", -1, -1, Infinity) === store.version) {
      response.writeHead(204).end();
      return;
    }
    return send(request, response, json(catalog(store, name)));
  }
  const route = url.pathname.startsWith("/api/") ? routes.get(url.pathname.slice("/api/".length)) : undefined;
  if (route === undefined) throw new RequestError(404, `There is no ${url.pathname} here. The board is at /.`);
  send(request, response, await route(store, url.searchParams));
}

function addressOf({ url = "/" }: IncomingMessage): URL {
  try {
    return new URL(url, "http://localhost");
  } catch {
    throw new RequestError(400, "The address makes no sense.");
  }
}

/** Looks at the files again and again. */
function follow(store: LogStore): { end(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  let looking = Promise.resolve();
  const look = (): void => {
    // A log directory that cannot be read now may be back at the next look.
    looking = store.refresh().catch(() => {});
    looking.then(() => {
      if (!ended) timer = setTimeout(look, pause);
    });
  };
  look();
  return {
    async end() {
      ended = true;
      clearTimeout(timer);
      store.close();
      await looking;
    },
  };
}

/** @returns whether the port was taken and another one is used */
async function listen(server: Server, port: number): Promise<boolean> {
  for (let tried = port; ; tried += 1) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen({ host: "127.0.0.1", port: tried, exclusive: true }, () => {
          server.off("error", reject);
          resolve();
        });
      });
      return tried !== port;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      const more = tried < Math.min(port + portsTried, 65_535);
      if ((code !== "EADDRINUSE" && code !== "EACCES") || !more || port === 0) throw error;
    }
  }
}

const known = ["logDir", "port"];

async function checked(options: BoardOptions): Promise<BoardOptions> {
  for (const name of Object.keys(options)) {
    if (!known.includes(name))
      throw new OptionError(`serveBoard: no option ${name}. There are ${known.join(" and ")}.`);
  }
  const { logDir, port = 6006 } = options;
  if (typeof logDir !== "string" || logDir === "") {
    throw new OptionError(`serveBoard: logDir must be the path of a folder, got ${logDir}.`);
  }
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new OptionError(`serveBoard: port must be a whole number from 0 to 65535, got ${port}.`);
  }
  const found = await stat(logDir).catch(() => undefined);
  if (found === undefined) {
    throw new OptionError(
      `serveBoard: there is no folder ${logDir}. Give the folder that your SummaryWriter writes to, or one above it.`,
    );
  }
  if (!found.isDirectory()) {
    throw new OptionError(
      `serveBoard: ${logDir} is a file, and logDir must be the folder that it is in, or one above it.`,
    );
  }
  return { logDir: await realpath(logDir), port };
}
