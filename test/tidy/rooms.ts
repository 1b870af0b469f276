import { posix } from 'node:path';
import ts from 'typescript';
import { type Finding, isCode, isTest, parsed, type RepositoryFile } from './repository.ts';

/**
 * Who may import whom. A file belongs to the room with the longest matching path; inside its room it imports freely.
 * `may` names other rooms. Packages outside the house are free unless `packages` lists the only ones allowed.
 */
interface Room {
  readonly path: string;
  readonly may: readonly string[];
  readonly packages?: readonly string[];
}

const core = 'packages/core/src';
const sdk = 'packages/sdk/src';
const server = 'packages/server/src';

/** The page of the conformance suite; what draws in it also runs in a browser. */
const report = 'test/conformance/page';

/** What every room of the server is set up with, and what it reports. */
const told = ['settings.ts', 'events.ts', 'bounds', 'media/port.ts'].map((each) => `${server}/${each}`);

const rooms: readonly Room[] = [
  { path: `${core}/index.ts`, may: [core], packages: [] },
  { path: `${core}/contract`, may: [], packages: [] },
  { path: `${core}/wire`, may: [`${core}/presence`, `${core}/contract`], packages: ['@bufbuild/protobuf'] },
  { path: `${core}/presence`, may: [`${core}/contract`], packages: [] },
  { path: `${core}/session`, may: [`${core}/wire`, `${core}/presence`, `${core}/contract`], packages: [] },

  { path: `${sdk}/driver`, may: [core], packages: ['ws'] },
  { path: `${sdk}/media`, may: [`${sdk}/driver`, core], packages: ['@roamhq/wrtc'] },
  { path: `${sdk}/engine`, may: [`${sdk}/media`, `${sdk}/driver`, core], packages: [] },
  {
    path: `${sdk}/native`,
    may: [`${sdk}/engine`, `${sdk}/media`, `${sdk}/driver`, core],
    packages: ['react-native'],
  },
  { path: `${sdk}/apple`, may: [`${sdk}/engine`, `${sdk}/driver`, core], packages: ['react-native'] },
  { path: `${sdk}/web`, may: [`${sdk}/media`, `${sdk}/driver`, core], packages: [] },

  { path: `${server}/index.ts`, may: [server] },
  // For tests of this repository only.
  { path: `${server}/internals.ts`, may: [server] },
  { path: `${server}/bounds`, may: [core] },
  { path: `${server}/settings.ts`, may: [`${server}/bounds`, core] },
  { path: `${server}/config`, may: [`${server}/settings.ts`, `${server}/bounds`, core] },
  { path: `${server}/store`, may: [core] },
  { path: `${server}/events.ts`, may: [`${server}/store`, core] },
  { path: `${server}/channels`, may: [...told, `${server}/store`, core] },
  { path: `${server}/media`, may: [`${server}/store`, core] },
  { path: `${server}/media/port.ts`, may: [`${server}/store`, core] },
  { path: `${server}/tokens`, may: [], packages: [] },
  { path: `${server}/gateway`, may: [...told, `${server}/channels`, `${server}/tokens`, core] },
  {
    path: `${server}/server.ts`,
    may: [...told, `${server}/gateway`, `${server}/channels`, `${server}/store`, core],
  },
  {
    path: `${server}/admin`,
    may: [...told, `${server}/server.ts`, `${server}/config`, `${server}/store`, core],
  },
  { path: `${server}/process`, may: [server, core] },
  { path: `${server}/faults`, may: [] },
  { path: `${server}/cli`, may: [server, sdk, core] },
  // A whole server under a virtual clock, for tests.
  { path: `${server}/stage.ts`, may: [server, core] },
  { path: `${server}/server.test.ts`, may: [server, core] },
  { path: `${server}/removal.test.ts`, may: [server, core] },
  { path: `${server}/drain.test.ts`, may: [server, core] },
  { path: `${server}/history.test.ts`, may: [server, core] },
  { path: `${server}/messages.test.ts`, may: [server, core] },
  { path: `${server}/token-times.test.ts`, may: [server, core] },

  { path: 'apps/demo/src', may: [core, sdk], packages: [] },

  { path: 'test', may: [core, sdk, server] },
  { path: `${report}/drawing`, may: [], packages: [] },
  { path: `${report}/browser`, may: [`${report}/drawing`], packages: [] },
];

const housePackages: Record<string, string> = {
  '@holdfast/core': core,
  '@holdfast/sdk': sdk,
  '@holdfast/server': server,
};

const testPackages = ['vitest', 'fast-check', 'agora-token', 'node:'];

/** The one file of a package that may hold a dependency, as a path pattern. */
const singleHomes = [
  { package: 'ws', within: sdk, home: /\.node\.ts$/, advice: 'keep `ws` in one *.node.ts file of the SDK' },
  { package: 'ws', within: server, home: /\/process\//, advice: 'keep `ws` in one file of server/process' },
  {
    package: 'node-datachannel',
    within: server,
    home: /\/media\/datachannel-engine\.ts$/,
    advice: 'keep the media engine behind its interface, in media/datachannel-engine.ts',
  },
];

export function brokenArrows(files: readonly RepositoryFile[]): Finding[] {
  return files.filter(belongsToARoom).flatMap((file) => {
    const room = roomOf(file.path);
    if (!room)
      return [
        { path: file.path, line: 1, advice: 'this folder is no room yet: add it to test/tidy/rooms.ts' },
      ];
    return importsOf(file)
      .map(({ specifier, line }) => ({ path: file.path, line, advice: judge(file.path, room, specifier) }))
      .filter((finding): finding is Finding => finding.advice !== undefined);
  });
}

export function scatteredDependencies(files: readonly RepositoryFile[]): Finding[] {
  return singleHomes.flatMap(({ package: name, within, home, advice }) => {
    const users = files
      .filter((file) => file.path.startsWith(`${within}/`) && isCode(file) && !isTest(file.path))
      .flatMap((file) =>
        importsOf(file)
          .filter((found) => found.specifier === name)
          .map((found) => ({ ...found, file })),
      );
    const homes = new Set(users.map(({ file }) => file.path));
    return users
      .filter(({ file }) => homes.size > 1 || !home.test(file.path))
      .map(({ file, line }) => ({ path: file.path, line, advice }));
  });
}

function belongsToARoom(file: RepositoryFile): boolean {
  return isCode(file) && /^((packages|apps)\/[^/]+\/src|test)\//.test(file.path);
}

function roomOf(path: string): Room | undefined {
  return rooms.filter((room) => isInside(path, room.path)).sort((a, b) => b.path.length - a.path.length)[0];
}

function judge(path: string, room: Room, specifier: string): string | undefined {
  const target = resolve(path, specifier);
  return target === undefined
    ? judgePackage(path, room, specifier)
    : judgeHouse(path, room, specifier, target);
}

function judgeHouse(path: string, room: Room, specifier: string, target: string): string | undefined {
  if (specifier.startsWith('.') && packageOf(target) !== packageOf(path)) {
    return `'${specifier}' leaves its package: import the other one by its name`;
  }
  if (isInside(target, room.path)) return undefined;
  if (isTest(path) && packageOf(target) === packageOf(path)) return undefined;
  if (room.may.some((allowed) => isInside(target, allowed))) return undefined;
  const allowed = room.may.length === 0 ? 'nothing else of the house' : `only ${room.may.join(', ')}`;
  return `'${specifier}': ${room.path} may import ${allowed}; move the code or turn the arrow round`;
}

function judgePackage(path: string, room: Room, specifier: string): string | undefined {
  if (isTest(path)) {
    const known = room.packages === undefined || testPackages.some((name) => specifier.startsWith(name));
    if (known || isListed(specifier, room.packages)) return undefined;
  }
  if (specifier.startsWith('node:')) {
    const outsideNode =
      isInside(path, core) || isInside(path, 'apps') || (isInside(path, sdk) && !path.endsWith('.node.ts'));
    return outsideNode ? `'${specifier}' ties this file to Node: hand the value in from outside` : undefined;
  }
  if (testPackages.includes(specifier)) return `'${specifier}' belongs into tests`;
  if (isListed(specifier, room.packages)) return undefined;
  return `'${specifier}' is not among the dependencies of ${room.path}: see test/tidy/rooms.ts`;
}

function isListed(specifier: string, allowed: readonly string[] | undefined): boolean {
  return allowed === undefined || allowed.some((name) => isInside(specifier, name));
}

/** The path of a file or room of the house, or undefined for a package from outside. */
function resolve(path: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(path), specifier);
  const name = Object.keys(housePackages).find((candidate) => isInside(specifier, candidate));
  return name === undefined ? undefined : specifier.replace(name, housePackages[name] ?? name);
}

function packageOf(path: string): string {
  return /^(packages|apps)\//.test(path)
    ? path.split('/').slice(0, 2).join('/')
    : (path.split('/')[0] ?? path);
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function importsOf(file: RepositoryFile): { specifier: string; line: number }[] {
  const source = parsed(file);
  const found: { specifier: string; line: number }[] = [];
  const visit = (node: ts.Node): void => {
    const named = moduleNamedBy(node);
    if (named)
      found.push({ specifier: named.text, line: source.getLineAndCharacterOfPosition(named.pos).line + 1 });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function moduleNamedBy(node: ts.Node): ts.StringLiteral | undefined {
  const named =
    ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
      ? node.moduleSpecifier
      : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
        ? node.argument.literal
        : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
          ? node.arguments[0]
          : undefined;
  return named && ts.isStringLiteral(named) ? named : undefined;
}
