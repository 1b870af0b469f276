import { Option } from 'commander';
import { fail } from './failure.ts';

export interface Question {
  /** The server's `apiKey`. */
  readonly apiKey?: string | undefined;
  /** What is to be done; left out: the server is only asked. */
  readonly order?: object;
}

/** Asks a running server's REST API, or ends the command and says why not. @param server `http://…` or `ws://…` */
export async function ask<Answer>(server: string, path: string, question: Question = {}): Promise<Answer> {
  const url = addressOf(server, path);
  let response: Response;
  try {
    response = await fetch(url, { ...requestOf(question), signal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    fail(
      1,
      `no server answers at ${url.origin} (${reasonOf(error)}). Is one running there? See \`holdfast serve\`.`,
    );
  }
  const body: unknown = await response.json().catch(() => null);
  if (response.ok && body !== null) return body as Answer;
  const text =
    typeof body === 'object' && body !== null && 'text' in body
      ? `${body.text}`
      : 'this is no Holdfast server';
  fail(1, `${url.origin} answers ${response.status}: ${text}`);
}

function requestOf({ apiKey, order }: Question): RequestInit {
  const headers = apiKey === undefined ? {} : { Authorization: `Bearer ${apiKey}` };
  if (order === undefined) return { headers };
  return {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify(order),
  };
}

/** The option with which a command takes the operator's key; better from the environment, which no list of processes shows. */
export function apiKeyOption(): Option {
  return new Option('--api-key <key>', "the server's apiKey").env('HOLDFAST_API_KEY');
}

/** Where a command asks unless it is told otherwise. */
export const defaultServer = 'http://127.0.0.1:7880';

const timeoutMs = 5_000;

function addressOf(server: string, path: string): URL {
  try {
    return new URL(path, server.replace(/^ws/, 'http'));
  } catch {
    fail(2, `--server ${server} is not an address like ${defaultServer}`);
  }
}

/** Why something could not be reached, in a word. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (cause instanceof Error) return 'code' in cause && cause.code ? `${cause.code}` : cause.message;
  return `${cause}`;
}
