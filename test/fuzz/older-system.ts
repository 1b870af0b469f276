/**
 * The fuzzer's native half is built against a C library of 2023. On an older system (Debian 12) it does not load,
 * although it needs nothing that is really missing there: `strtol` under the name that C23 gave it, and the set-up of
 * C++ streams, which Node has done long before. This makes a copy that asks for what such a system has.
 */

/** What is asked for, and what does the same there. Each stand-in's name stands in the file already. */
const standIns = new Map([
  ['__isoc23_strtol', 'strtol'],
  ['__isoc23_strtoul', 'strtoul'],
  // Takes nothing, returns nothing that is looked at: any harmless function will do.
  ['_ZSt21ios_base_library_initv', 'getpid'],
]);

/** Versions of libraries that are asked for because of these. */
const tooNew = ['GLIBC_2.38', 'GLIBCXX_3.4.32'];

/** A copy of a shared library (ELF, 64 bit, little-endian) that also loads on an older system. */
export function forOlderSystem(library: Buffer): Buffer {
  const copy = Buffer.from(library);
  const sections = sectionsOf(copy);
  const strings = sections.get('.dynstr');
  const symbols = sections.get('.dynsym');
  const versions = sections.get('.gnu.version');
  const needs = sections.get('.gnu.version_r');
  if (!strings || !symbols || !versions || !needs) throw new Error('this is no shared library as expected');
  for (let index = 0; index < symbols.length / symbolBytes; index += 1) {
    const at = index * symbolBytes;
    const standIn = standIns.get(textAt(strings, symbols.readUInt32LE(at)));
    if (standIn === undefined) continue;
    symbols.writeUInt32LE(strings.indexOf(`${standIn}\0`), at);
    versions.writeUInt16LE(anyVersion, index * 2);
  }
  for (const at of neededVersions(needs)) {
    const wanted = textAt(strings, needs.readUInt32LE(at + 8));
    if (tooNew.includes(wanted)) needs.writeUInt16LE(weak, at + 4);
  }
  return copy;
}

const symbolBytes = 24;
const sectionBytes = 64;
/** VER_NDX_GLOBAL: whichever version there is. */
const anyVersion = 1;
/** VER_FLG_WEAK: it may be missing. */
const weak = 2;

/** The contents of the sections by name; writing into one writes into the file. */
function sectionsOf(file: Buffer): Map<string, Buffer> {
  const tableAt = Number(file.readBigUInt64LE(40));
  const headers = Array.from({ length: file.readUInt16LE(60) }, (_, index) => {
    const at = tableAt + index * sectionBytes;
    const start = Number(file.readBigUInt64LE(at + 24));
    const content = file.subarray(start, start + Number(file.readBigUInt64LE(at + 32)));
    return { name: file.readUInt32LE(at), content };
  });
  const names = headers[file.readUInt16LE(62)]?.content ?? Buffer.alloc(0);
  return new Map(headers.map(({ name, content }) => [textAt(names, name), content]));
}

/** Where the entries for single versions begin: two linked lists, one inside the other. */
function neededVersions(needs: Buffer): number[] {
  const found: number[] = [];
  for (let file = 0; ; file += needs.readUInt32LE(file + 12)) {
    let at = file + needs.readUInt32LE(file + 8);
    for (let left = needs.readUInt16LE(file + 2); left > 0; left -= 1) {
      found.push(at);
      at += needs.readUInt32LE(at + 12);
    }
    if (needs.readUInt32LE(file + 12) === 0) return found;
  }
}

function textAt(strings: Buffer, at: number): string {
  return strings.toString('latin1', at, strings.indexOf(0, at));
}
