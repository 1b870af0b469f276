import { posix } from 'node:path';
import { type Finding, lineAt, type RepositoryFile } from './repository.ts';

const inlineLink = /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g;
const linkDefinition = /^\[[^\]]+\]:\s*<?(\S+?)>?\s*$/gm;

/** Links from one document to another file of the repository, and to headings. The web is not asked. */
export function brokenLinks(files: readonly RepositoryFile[]): Finding[] {
  const paths = new Map(files.map((file) => [file.path, file]));
  const folders = new Set(files.flatMap((file) => foldersAbove(file.path)));
  return files.filter(isDocument).flatMap((document) =>
    linksOf(document).flatMap(({ target, line }) => {
      const [path = '', anchor] = target.split('#');
      const place = path === '' ? document.path : posix.join(posix.dirname(document.path), decodeURI(path));
      const file = paths.get(place);
      const report = (advice: string) => [{ path: document.path, line, advice: `(${target}) ${advice}` }];
      if (!file) return folders.has(place.replace(/\/$/, '')) ? [] : report('leads nowhere: no such file');
      if (!anchor || !isDocument(file) || headingsOf(file).has(anchor)) return [];
      return report(`leads nowhere: ${file.path} has no such heading`);
    }),
  );
}

function isDocument(file: RepositoryFile): boolean {
  return file.path.endsWith('.md');
}

function linksOf(document: RepositoryFile): { target: string; line: number }[] {
  const text = withoutCode(document.text);
  return [...text.matchAll(inlineLink), ...text.matchAll(linkDefinition)]
    .map((match) => ({ target: match[1] ?? '', line: lineAt(text, match.index) }))
    .filter(({ target }) => !/^([a-z][a-z+.-]*:|\/\/)/i.test(target));
}

/** Headings as GitHub names them: lower case, punctuation dropped, blanks to hyphens, repeated ones counted. */
function headingsOf(document: RepositoryFile): Set<string> {
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  for (const [, title = ''] of withoutFences(document.text).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const slug = slugOf(title);
    const repeated = seen.get(slug) ?? 0;
    seen.set(slug, repeated + 1);
    anchors.add(repeated === 0 ? slug : `${slug}-${repeated}`);
  }
  for (const [, id = ''] of document.text.matchAll(/<a\s+(?:id|name)="([^"]+)"/g)) anchors.add(id);
  return anchors;
}

function slugOf(title: string): string {
  return title
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
    .replace(/ /g, '-');
}

/** Blanked, not removed, so that lines keep their numbers. */
function withoutFences(text: string): string {
  return text.replace(/^( *)(```|~~~)[\s\S]*?^ *\2.*$/gm, (block) => block.replace(/[^\n]/g, ' '));
}

function withoutCode(text: string): string {
  return withoutFences(text).replace(/`[^`\n]+`/g, (code) => ' '.repeat(code.length));
}

function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return ['.', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))];
}
