import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext } from 'node:tls';

/** Where key and certificate are. */
export interface CertificateFiles {
  readonly tlsCert: string;
  readonly tlsKey: string;
}

export interface KeyPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Key or certificate cannot be used; the message says which and why. */
export class CertificateError extends Error {
  constructor(text: string, cause: unknown) {
    super(text, { cause });
    this.name = 'CertificateError';
  }
}

/** @throws {CertificateError} */
export function readCertificate({ tlsCert, tlsKey }: CertificateFiles): KeyPair {
  const pair = { cert: read('tlsCert', tlsCert), key: read('tlsKey', tlsKey) };
  try {
    createSecureContext(pair);
  } catch (error) {
    const why = error instanceof Error ? error.message : `${error}`;
    throw new CertificateError(`tlsCert ${tlsCert} and tlsKey ${tlsKey} make no TLS (${why})`, error);
  }
  return pair;
}

export interface CertificateWatch {
  readonly changed: (pair: KeyPair) => void;
  /** The files do not fit together, or cannot be read; whatever was good before is still in use. */
  readonly failed: (error: CertificateError) => void;
  readonly everyMs?: number;
}

/**
 * Looks after the files, and tells of every pair that is good (C-82). Whoever renews them writes one after the other:
 * what is wrong is told when it is still so at the next look. @returns ends it
 */
export function watchCertificate(files: CertificateFiles, watch: CertificateWatch): () => void {
  const { changed, failed, everyMs = 1_000 } = watch;
  let known = textOf(readCertificate(files));
  let doubted: NodeJS.Timeout | null = null;
  const look = (last: boolean) => {
    doubted = null;
    try {
      const pair = readCertificate(files);
      if (textOf(pair) === known) return;
      known = textOf(pair);
      changed(pair);
    } catch (error) {
      if (!(error instanceof CertificateError)) throw error;
      if (last) failed(error);
      else doubted = setTimeout(look, everyMs, true);
    }
  };
  const paths = Object.values({ cert: files.tlsCert, key: files.tlsKey });
  const noticed = () => {
    if (doubted !== null) clearTimeout(doubted);
    look(false);
  };
  for (const path of paths) watchFile(path, { interval: everyMs, persistent: false }, noticed);
  return () => {
    if (doubted !== null) clearTimeout(doubted);
    for (const path of paths) unwatchFile(path, noticed);
  };
}

function read(setting: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CertificateError(`${setting} ${path} cannot be read (${code ?? error})`, error);
  }
}

function textOf({ cert, key }: KeyPair): string {
  return `${cert}\n${key}`;
}
