/** A real browser, with a camera and a microphone that need no hands. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where the browser is. @throws Error that says what to install */
export function browserPath(): string {
  const path = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  if (existsSync(path)) return path;
  throw new Error(
    `there is no browser at ${path}: apt-get install chromium, or say where one is with CHROMIUM_PATH`,
  );
}

/** @param more flags of Chromium. @throws Error that says what to install */
export async function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: browserPath(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // The second camera sees depths, which no codec carries; the third one may take the place of the first.
      '--use-fake-device-for-media-stream=device-count=3',
      '--use-fake-ui-for-media-stream',
      ...more,
    ],
  });
}
