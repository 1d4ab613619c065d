/** The server's answer under `/api/`; an error with what it said if it refused. */
export async function ask(
  path: string,
  query: Readonly<Record<string, string | number>>,
  signal?: AbortSignal,
): Promise<Response> {
  const response = await fetch(apiUrl(path, query), { signal: signal ?? null });
  if (!response.ok) throw new Error((await response.text()).trim());
  return response;
}

/** The JSON the server answers, whose type the two agree on in protocol.ts. */
export async function askJson<T>(
  path: string,
  query: Readonly<Record<string, string | number>>,
  signal?: AbortSignal,
): Promise<T> {
  return (await (await ask(path, query, signal)).json()) as T;
}

export function apiUrl(path: string, query: Readonly<Record<string, string | number>>): string {
  const parameters = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  return `/api/${path}?${parameters}`;
}
