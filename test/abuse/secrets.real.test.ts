/** C-91: whatever a server is given, its logs, metrics, answers and error texts give no secret and no payload away. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli, freePort } from '../conformance/processes.ts';
import { appId, badTokens, certificate, stayOf } from './access.ts';
import { joined, joinOf, Raw, resumeOf, type Stay } from './raw.ts';

const apiKey = `key-${randomBytes(12).toString('hex')}`;
const wrongKey = `key-${randomBytes(12).toString('hex')}`;
const payload = `payload-${randomBytes(12).toString('hex')}`;
const env = {
  ...{ HOLDFAST_APP_ID: appId, HOLDFAST_APP_CERTIFICATE: certificate, HOLDFAST_API_KEY: apiKey },
  HOLDFAST_LOG_LEVEL: 'trace',
};

/** What no text may hold, by name. */
const secrets = new Map<string, string>(Object.entries({ apiKey, wrongKey, payload, certificate }));
/** Everything that came out, by where. */
const texts = new Map<string, string>();
const children: ChildProcess[] = [];
let url = '';

beforeAll(async () => {
  const port = await freePort();
  url = `ws://127.0.0.1:${port}`;
  const server = run('the log', ['serve', '--port', `${port}`], env);
  for (let tries = 0; tries < 200 && !texts.get('the log')?.includes('listening'); tries += 1)
    await sleep(50);
  await goesWell();
  await goesWrong();
  await isAsked();
  server.kill('SIGTERM');
  await once(server, 'exit');
  await commandsFail();
}, 60_000);

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

test('C-91 no token, certificate, key, session secret or payload is in any of it', () => {
  expect(leaks(texts, secrets)).toEqual([]);
});

test('it has looked at something: a log down to debug, metrics, answers, close texts', () => {
  const log = texts.get('the log') ?? '';
  for (const word of ['"joined"', '"connection ended"', 'invalidToken', '"member changed"', 'operator: kick'])
    expect(log).toContain(word);
  expect(texts.get('GET /metrics')).toContain('holdfast_joins_total');
  expect(secrets.size).toBeGreaterThan(20);
  expect(texts.size).toBeGreaterThan(10);
});

test('a secret that is told would be seen, also in hex, base64 or as JSON', () => {
  const told = (text: string) => leaks(new Map([['x', text]]), new Map([['payload', payload]])).length;
  const bytes = Buffer.from(`a ${payload} b`);
  for (const form of [bytes.toString(), bytes.toString('hex'), JSON.stringify({ payload })])
    expect(told(form)).toBe(1);
  for (const before of ['', 'a', 'ab'])
    expect(told(Buffer.from(before + payload).toString('base64'))).toBe(1);
  expect(told(JSON.stringify(Buffer.from(payload)))).toBe(1);
  expect(told('nothing')).toBe(0);
});

function leaks(where: ReadonlyMap<string, string>, what: ReadonlyMap<string, string>): string[] {
  return [...where].flatMap(([place, text]) =>
    [...what]
      .filter(([, secret]) => formsOf(secret).some((form) => text.includes(form)))
      .map(([name]) => `${name} in ${place}`),
  );
}

/**
 * As it is, and as a program would print its bytes; base64 at each of the three places where it may begin. A long one
 * is known by a part of it, for it may be cut short.
 */
function formsOf(whole: string): string[] {
  const secret = whole.length > 60 ? whole.slice(16, 48) : whole;
  const bytes = Buffer.from(secret);
  const shifted = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    return text.slice(offset === 0 ? 0 : 4, text.length - 4);
  });
  return [secret, bytes.toString('hex'), [...bytes].join(','), ...shifted];
}

function known(name: string, stay: Stay): Stay {
  secrets.set(`token of ${name}`, stay.token);
  return stay;
}

async function goesWell(): Promise<void> {
  const stay = known('a user', stayOf('room', 7));
  const entered = await joined(url, stay);
  const other = await joined(url, known('another', stayOf('room', 8)));
  if (entered === null || other === null) throw new Error('nobody was let in');
  for (const { welcome } of [entered, other]) secrets.set(`secret of ${welcome.uid}`, welcome.secret);
  const data = new TextEncoder().encode(payload);
  entered.raw.send({ type: 'send', stream: 1, number: 1, data, sentAt: 0 });
  const renewed = known('a renewal', stayOf('room', 7));
  entered.raw.send({ type: 'renew', token: renewed.token });
  await entered.raw.first('rights');
  entered.raw.close();
  const back = new Raw(url);
  await back.opened();
  back.send(resumeOf(renewed, entered.welcome));
  await back.first('welcome');
  back.send({ type: 'renew', token: known('no use', stayOf('elsewhere', 7)).token });
  await back.first('rights');
  note('frames of a user', back);
}

async function goesWrong(): Promise<void> {
  const wrong = Object.entries(badTokens('room')).filter(([, token]) => token !== '');
  for (const [name, token] of wrong) {
    secrets.set(`token ${name}`, token);
    await refused(`join with a token ${name}`, (raw) => raw.send(joinOf({ ...stayOf('room', 7), token })));
  }
  const stay = known('a thief', stayOf('room', 8));
  const secret = `thief-${randomBytes(12).toString('hex')}`;
  secrets.set('guessed secret', secret);
  const claim = { uid: 8, session: 's', secret, join: 1, position: { incarnation: '', epoch: 1, seq: 0 } };
  await refused('resume by a thief', (raw) => raw.send(resumeOf(stay, claim as never)));
  await refused('a frame that is none', (raw) => raw.bytes(payload));
  await refused('bytes that are no frame', (raw) => raw.bytes(Buffer.from(payload)));
  await refused('a name that is none', (raw) => raw.send(joinOf({ ...stay, channel: `\n${payload}` })));
}

async function isAsked(): Promise<void> {
  const base = url.replace('ws', 'http');
  const ask = async (method: string, path: string, key: string | null, body?: string) => {
    const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const answer = await fetch(`${base}${path}`, { method, headers, ...(body !== undefined && { body }) });
    const name = `${method} ${path.split('?', 1)[0]}`;
    texts.set(name, `${texts.get(name) ?? ''}${await answer.text()}`);
  };
  for (const key of [null, wrongKey, apiKey]) {
    for (const path of ['/metrics', '/v1/channels', '/v1/outages', '/v1/bans', '/healthz', '/readyz'])
      await ask('GET', path, key);
    for (const body of ['{"channel":"room","uid":7}', `{"channel":"${payload}","uid":"${apiKey}"}`, payload])
      await ask('POST', '/v1/kick', key, body);
  }
  await ask('GET', `/nothing?token=${secrets.get('token of a user')}`, null);
}

/** What the command line says of secrets that it cannot use. */
async function commandsFail(): Promise<void> {
  const broken = `${certificate.slice(0, 30)}zz`;
  secrets.set('broken certificate', broken);
  const serving = run('serve with a broken certificate', ['serve'], {
    ...env,
    HOLDFAST_APP_CERTIFICATE: broken,
  });
  const token = known('a command', stayOf('elsewhere', 7)).token;
  const args = ['--uid', '7', '--app-id', appId, '--token', token, '--server', url];
  const joining = run('join with another channel’s token', ['join', 'room', ...args], {});
  await sleep(2_500);
  for (const child of [serving, joining]) child.kill('SIGTERM');
}

async function refused(name: string, act: (raw: Raw) => void): Promise<void> {
  const raw = new Raw(url);
  if (!(await raw.opened())) throw new Error(`${name}: no connection`);
  raw.ws.on('close', (_, reason) => texts.set(name, String(reason)));
  act(raw);
  await Promise.race([raw.ending(), raw.first('refused')]);
  note(name, raw);
}

function note(name: string, raw: Raw): void {
  const told = raw.received.filter(({ type }) => type !== 'welcome');
  texts.set(name, `${texts.get(name) ?? ''}${JSON.stringify(told)}`);
  raw.close();
}

function run(name: string, args: readonly string[], vars: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [cli, ...args], { env: { ...process.env, ...vars } });
  children.push(child);
  texts.set(name, '');
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => texts.set(name, `${texts.get(name)}${text}`));
  return child;
}
