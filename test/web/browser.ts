/** A real browser, with a camera and a microphone that need no hands. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const path = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** @throws Error that says what to install */
export async function launchBrowser(): Promise<Browser> {
  if (!existsSync(path)) {
    throw new Error(
      `there is no browser at ${path}: apt-get install chromium, or say where one is with CHROMIUM_PATH`,
    );
  }
  return chromium.launch({
    executablePath: path,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
    ],
  });
}
