import { describe, expect, it } from 'vitest';
import { noConditioning } from '#contract/entities';
import { ModelId } from '#contract/ids';
import { sampleModel } from '../testing/sample-project';
import { triedFit } from './tried-fit';

const inUse = sampleModel().id;
const fit = (id: string, created: string) =>
  sampleModel({
    ...{ id: ModelId.parse(id), created, origin: 'fitted', parent: inUse },
    status: { kind: 'kept-aside', reason: 'Kept aside: cells would merge.' },
  });

describe('a fit that was tried', () => {
  const [old, newest] = [fit('f1', '2026-01-02T00:00:00Z'), fit('f2', '2026-01-03T00:00:00Z')];

  it('is the newest of the version in use', () => {
    expect(triedFit([newest, old, sampleModel()], inUse, noConditioning)).toBe(newest);
    expect(triedFit([sampleModel()], inUse, noConditioning)).toBeNull();
  });

  it('is none of another version, none that came into use, none of slices shown otherwise', () => {
    const other = { ...old, parent: ModelId.parse('m9') };
    const accepted = { ...old, status: { kind: 'accepted', reason: '' } as const };
    expect(triedFit([other, accepted], inUse, noConditioning)).toBeNull();
    expect(triedFit([old], inUse, { ...noConditioning, inverted: true })).toBeNull();
  });
});
