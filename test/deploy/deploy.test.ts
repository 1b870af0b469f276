/** The files in deploy/ cannot be run here; they are read, and must agree with the product and with themselves. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drain } from '@holdfast/core';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';

const root = join(import.meta.dirname, '../..');
const settings = readFileSync(join(root, 'docs/settings.md'), 'utf8');

test('every setting that they name exists', () => {
  const named = ['compose.yaml', 'kubernetes.yaml'].flatMap(
    (name) => read(name).match(/HOLDFAST_[A-Z_]+/g) ?? [],
  );
  expect(named.length).toBeGreaterThan(6);
  for (const name of named) expect(settings).toContain(`\`${name}\``);
});

test('C-53 whoever ends a server waits for longer than it drains', () => {
  const { Deployment } = manifests();
  const { terminationGracePeriodSeconds, containers } = Deployment?.spec.template.spec ?? {};
  const [container] = containers;
  const hookSeconds = Number(container.lifecycle.preStop.exec.command[1]);
  const drainMs = Number(
    container.env.find(({ name }: { name: string }) => name === 'HOLDFAST_DRAIN_MS').value,
  );
  expect(drainMs).toBe(drain.forMs);
  expect(terminationGracePeriodSeconds * 1_000).toBeGreaterThan(hookSeconds * 1_000 + drainMs + 1_000);
  const compose = documents('compose.yaml')[0];
  for (const name of ['holdfast-1', 'holdfast-2'])
    expect(Number.parseInt(compose.services[name].stop_grace_period, 10) * 1_000).toBeGreaterThan(
      drain.forMs,
    );
});

test('C-54 liveness asks the event loop, readiness asks more; both at the port that is served', () => {
  const [container] = manifests().Deployment?.spec.template.spec.containers ?? [];
  const port = container.ports[0];
  expect(port.containerPort).toBe(7880);
  expect(container.livenessProbe.httpGet).toEqual({ path: '/healthz', port: port.name });
  expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: port.name });
  expect(manifests().Service?.spec.ports[0].targetPort).toBe(port.name);
});

test('a rollout and a disruption leave somewhere to go, and all selectors mean the same pods', () => {
  const { Deployment, Service, PodDisruptionBudget, Secret } = manifests();
  const { replicas, strategy, selector, template } = Deployment?.spec ?? {};
  expect(strategy.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
  expect(replicas - PodDisruptionBudget?.spec.maxUnavailable).toBeGreaterThanOrEqual(2);
  for (const labels of [
    selector.matchLabels,
    Service?.spec.selector,
    PodDisruptionBudget?.spec.selector.matchLabels,
  ])
    expect(template.metadata.labels).toMatchObject(labels);
  const keys = template.spec.containers[0].env.flatMap((each: Env) => each.valueFrom?.secretKeyRef.key ?? []);
  expect(Object.keys(Secret?.stringData).sort()).toEqual(keys.sort());
});

test('the image runs the command that package.json names', () => {
  const { bin } = JSON.parse(readFileSync(join(root, 'packages/server/package.json'), 'utf8'));
  expect(read('Dockerfile')).toContain(`packages/server/${bin.holdfast}`);
  expect(read('Dockerfile')).toContain(`EXPOSE 7880`);
});

interface Env {
  readonly valueFrom?: { readonly secretKeyRef: { readonly key: string } };
}

/** By kind; each is there once. */
function manifests(): Record<string, ReturnType<typeof documents>[number]> {
  return Object.fromEntries(documents('kubernetes.yaml').map((each) => [each.kind, each]));
}

function documents(name: string) {
  return parseAllDocuments(read(name), { merge: true }).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
}

function read(name: string): string {
  return readFileSync(join(root, 'deploy', name), 'utf8');
}
