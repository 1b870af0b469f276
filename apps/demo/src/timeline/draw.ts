/** The drawing of an outage, from its record (C-90). */
import type { DatedOutage } from '@holdfast/sdk/native';
import type { TroubleNames } from '../client.ts';
import type { Limits } from '../dev-server.ts';
import { duration, seconds, svg } from '../dom.ts';
import {
  endWords,
  inLanes,
  type Note,
  nameOfAddress,
  type Scale,
  scaleOf,
  serverNotes,
  tickMs,
  toldNotes,
} from './layout.ts';

export interface Drawn {
  readonly record: DatedOutage;
  readonly limits: Limits;
  readonly names: TroubleNames;
  /** Of this tab's network, in the order of the servers. */
  readonly urls: readonly string[];
}

const left = 92;
const laneHeight = 20;
const gap = 14;

/** @param width in pixels; what is narrower than can be read is not drawn narrower */
export function drawOutage({ record, limits, names, urls }: Drawn, width: number): SVGElement {
  const scale = scaleOf(Math.max(640, width), left, record.endedMs, limits);
  const rows = [
    silenceRow(record, limits, scale),
    notesRow(
      'noticed',
      'noticed',
      record.noticed.map(({ atMs, what }) => ({ atMs, text: what })),
      scale,
    ),
    ...attemptRows(record, urls, scale),
    notesRow('the app', 'told', toldNotes(record, names), scale, 'nothing: too short to be told'),
    notesRow(
      'the server',
      'server',
      serverNotes(record),
      scale,
      record.end === 'revived' ? 'was not asked: the old connection came back' : 'no server answered',
    ),
  ];
  const top = 46;
  let y = top;
  const placed = rows.map(({ group, height }) => {
    group.setAttribute('transform', `translate(0 ${y})`);
    y += height + gap;
    return group;
  });
  const title = svg('title', {}, `Outage of ${duration(record.endedMs)}, ${endWords[record.end]}`);
  return svg(
    'svg',
    { width: scale.width, height: y, viewBox: `0 0 ${scale.width} ${y}`, role: 'img', class: 'timeline' },
    title,
    axis(scale, y),
    limitLines(limits, scale, y),
    endLine(record, scale, y),
    ...placed,
  );
}

interface Row {
  readonly group: SVGElement;
  readonly height: number;
}

function row(label: string, kind: string, height: number, ...children: SVGElement[]): Row {
  const name = svg('text', { x: left - 12, y: 14, class: 'label' }, label);
  return { group: svg('g', { class: kind }, name, ...children), height };
}

function axis(scale: Scale, height: number): SVGElement {
  const group = svg('g', { class: 'axis' });
  const step = tickMs(scale.shownMs);
  for (let ms = 0; ms <= scale.shownMs; ms += step) {
    const x = scale.x(ms);
    group.append(
      svg('line', { x1: x, x2: x, y1: 18, y2: height }),
      svg('text', { x, y: 12 }, `${ms / 1_000}${ms === 0 ? ' s' : ''}`),
    );
  }
  return group;
}

function limitLines(limits: Limits, scale: Scale, height: number): SVGElement {
  const group = svg('g', { class: 'limits' });
  const named = [
    [limits.interruptedMs, 'interrupted'],
    [limits.lostMs, 'lost'],
    [limits.peerOfflineMs, 'others: offline'],
  ] as const;
  for (const [ms, text] of named) {
    if (ms > scale.shownMs) continue;
    const x = scale.x(ms);
    const fits = x + textWidth(text) < scale.width;
    group.append(
      svg('line', { x1: x, x2: x, y1: 20, y2: height }),
      svg('text', { x: fits ? x + 5 : x - 5, y: 34, 'text-anchor': fits ? 'start' : 'end' }, text),
    );
  }
  return group;
}

function endLine({ endedMs, end }: DatedOutage, scale: Scale, height: number): SVGElement {
  const x = scale.x(endedMs);
  return svg('g', { class: `end ${end}` }, svg('line', { x1: x, x2: x, y1: 40, y2: height - gap }));
}

function silenceRow({ endedMs, end }: DatedOutage, limits: Limits, scale: Scale): Row {
  const edges = [0, limits.interruptedMs, limits.lostMs, limits.peerOfflineMs, Infinity];
  const parts = edges.slice(0, -1).flatMap((from, index) => {
    const to = Math.min(endedMs, edges[index + 1] ?? Infinity);
    if (to <= from) return [];
    const x = scale.x(from);
    return [svg('rect', { x, y: 0, width: scale.x(to) - x, height: laneHeight, class: `stage${index}` })];
  });
  const words = `${duration(endedMs)}: ${endWords[end]}`;
  const fits = scale.x(endedMs) - scale.left > textWidth(words) + 12;
  const x = fits ? scale.left + 8 : scale.x(endedMs) + 8;
  return row(
    'silence',
    'silence',
    laneHeight,
    ...parts,
    svg('text', { x, y: 14, class: fits ? 'on' : '' }, words),
  );
}

/** A row for each server that was tried. */
function attemptRows({ attempts, endedMs }: DatedOutage, urls: readonly string[], scale: Scale): Row[] {
  const servers = [...new Set(attempts.map(({ url }) => nameOfAddress(url, urls)))].sort();
  return servers.map((server) => {
    const own = attempts.filter(({ url }) => nameOfAddress(url, urls) === server);
    const extent = (each: Attempt) =>
      [
        scale.x(each.startedMs),
        Math.max(scale.x(each.endedMs ?? endedMs), scale.x(each.startedMs) + 4) + 3,
      ] as const;
    const placed = inLanes(own, extent);
    const lanes = 1 + Math.max(...placed.map(({ lane }) => lane));
    const step = lanes > 5 ? 9 : 14;
    const bars = placed.map(({ item, lane }) =>
      attemptBar(item, { y: lane * step + 3, step }, endedMs, scale),
    );
    return row(server, 'attempts', lanes * step + 4, ...bars);
  });
}

type Attempt = DatedOutage['attempts'][number];

function attemptBar(
  attempt: Attempt,
  { y, step }: { y: number; step: number },
  lastMs: number,
  scale: Scale,
): SVGElement {
  const { startedMs, openedMs, askedMs, outcome } = attempt;
  const x = scale.x(startedMs);
  const width = Math.max(4, scale.x(attempt.endedMs ?? lastMs) - x);
  const height = step - 3;
  const steps = [
    ['started', startedMs],
    ['opened', openedMs],
    ['asked', askedMs],
    ['ended', attempt.endedMs],
  ] as const;
  const words = steps.flatMap(([name, ms]) => (ms === null ? [] : [`${name} ${seconds(ms, 2)}`])).join(', ');
  const kind = outcome === 'took over' ? 'won' : openedMs === null ? 'unanswered' : 'open';
  const bar = svg('rect', { x, y, width, height, rx: 3 });
  const ticks = [openedMs, askedMs].flatMap((ms) =>
    ms === null ? [] : [svg('line', { x1: scale.x(ms), x2: scale.x(ms), y1: y, y2: y + height })],
  );
  const title = svg('title', {}, `attempt ${attempt.attempt}: ${words}: ${outcome || 'pending'}`);
  return svg('g', { class: kind }, title, bar, ...ticks);
}

/** Marks with their words beside them, in as many lanes as it takes to read them. */
function notesRow(label: string, kind: string, notes: readonly Note[], scale: Scale, nothing = ''): Row {
  if (notes.length === 0)
    return row(label, kind, laneHeight, svg('text', { x: scale.left + 2, y: 14, class: 'nothing' }, nothing));
  const turned = (note: Note) => scale.x(note.atMs) + textWidth(note.text) + 14 > scale.width;
  const extent = (note: Note) => {
    const x = scale.x(note.atMs);
    const long = textWidth(note.text) + 18;
    return turned(note) ? ([x - long, x + 8] as const) : ([x - 6, x + long] as const);
  };
  const lanes = inLanes(notes, extent);
  const marks = lanes.map(({ item, lane }) => {
    const x = scale.x(item.atMs);
    const y = lane * laneHeight + 10;
    const beside = turned(item) ? { x: x - 9, 'text-anchor': 'end' } : { x: x + 9, 'text-anchor': 'start' };
    const title = svg('title', {}, `${seconds(item.atMs, 3)}: ${item.text}`);
    return svg(
      'g',
      item.isGood ? { class: 'good' } : {},
      title,
      svg('circle', { cx: x, cy: y, r: 4.5 }),
      svg('text', { ...beside, y: y + 4 }, item.text),
    );
  });
  return row(label, kind, (Math.max(...lanes.map(({ lane }) => lane)) + 1) * laneHeight, ...marks);
}

/** Of the page's 12 px letters; generous, for fonts differ. */
function textWidth(text: string): number {
  return text.length * 6.8;
}
