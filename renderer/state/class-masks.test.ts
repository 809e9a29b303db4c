import { describe, expect, it } from 'vitest';
import { ModelId } from '#contract/ids';
import { ClassMasksState } from './class-masks.svelte';
import { ModelsState } from './rounds/models.svelte';
import { sampleModel, sampleProject } from './testing/sample-project';

const mito = { id: 3, name: 'mitochondria', colour: '#f0e442', key: 3, locked: false };
const nuclei = { id: 4, name: 'nuclei', colour: '#0072b2', key: 4, locked: false };
const card = { id: 9, name: 'Mitochondria', colour: '#f0e442', threshold: 0.65, dice: null };

function setUp() {
  const models = new ModelsState();
  const old = sampleModel({ id: ModelId.parse('m1') });
  const learnt = sampleModel({ id: ModelId.parse('m2'), parent: old.id, classes: [card] });
  const again = sampleModel({ id: ModelId.parse('m3'), parent: learnt.id, classes: [card] });
  const other = sampleModel({ id: ModelId.parse('x'), classes: [{ ...card, threshold: 0.4 }] });
  models.show([old, learnt, again, other], learnt.id);
  const classes = [...sampleProject().classes, nuclei, mito];
  const masks = new ClassMasksState(models, () => classes);
  return { models, masks, all: [old, learnt, again, other] };
}

describe('the masks of classes beside membrane', () => {
  it('begin where the card of the version says, for the classes of the project that it knows', () => {
    const { models, masks } = setUp();
    expect(masks.foundBy(models.currentId)).toEqual([{ id: 3, name: 'Mitochondria', from: 166 }]);
    expect(masks.foundBy(ModelId.parse('m1'))).toEqual([]);
    expect(masks.known(nuclei)).toBeNull();
    expect(masks.known(mito)).toBe(card);
  });

  it('begin where the user says in all that comes from the same beginnings, and elsewhere by the card', () => {
    const { models, masks, all } = setUp();
    masks.set(mito, 0.30049);
    expect(masks.thresholds).toEqual([{ name: 'mitochondria', threshold: 0.3 }]);
    models.show(all, ModelId.parse('m3'));
    expect(masks.thresholdOf(card)).toBe(0.3);
    models.show(all, ModelId.parse('x'));
    expect(masks.thresholds).toEqual([]);
    expect(masks.thresholdOf({ ...card, threshold: 0.4 })).toBe(0.4);
    models.show(all, ModelId.parse('m2'));
    masks.set(mito, null);
    expect(masks.thresholdOf(card)).toBe(0.65);
  });

  it('come back with the project', () => {
    const { models, masks } = setUp();
    masks.restore(models.currentId, [{ name: 'mitochondria', threshold: 0.2 }], [4]);
    expect(masks.foundBy(models.currentId)[0]?.from).toBe(51);
    expect([...masks.hidden]).toEqual([4]);
  });

  it('are hidden one by one, or shown alone, and again all', () => {
    const { masks } = setUp();
    masks.toggle(3);
    expect([...masks.hidden]).toEqual([3]);
    masks.toggle(3);
    expect([...masks.hidden]).toEqual([]);
    masks.solo(3, [2, 4, 3]);
    expect([...masks.hidden]).toEqual([2, 4]);
    masks.solo(4, [2, 4, 3]);
    expect([...masks.hidden]).toEqual([2, 3]);
    masks.solo(4, [2, 4, 3]);
    expect([...masks.hidden]).toEqual([]);
  });
});
