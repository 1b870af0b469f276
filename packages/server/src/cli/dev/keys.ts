import { createInterface } from 'node:readline';

/** Calls back for each key of a terminal, or for each line where the input is none. The end of the input says nothing. */
export function onKeys(input: NodeJS.ReadStream, pressed: (key: string) => void): void {
  if (!input.isTTY) {
    createInterface({ input }).on('line', (line) => {
      if (line.trim() !== '') pressed(line.trim());
    });
    return;
  }
  input.setRawMode(true);
  input.setEncoding('utf8');
  input.on('data', (text) => {
    for (const key of String(text)) {
      if (key === ctrlC || key === ctrlD) pressed('q');
      else if (key.trim() !== '') pressed(key);
    }
  });
}

const ctrlC = '\u0003';
const ctrlD = '\u0004';
