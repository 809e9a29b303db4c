import type { ClassCount, LabelClass, LayerKey } from '#contract/entities';
import { sameLayer } from '#contract/entities';
import { countClasses } from '../labels/class-counts';
import type { KnownLayer } from './arrangement';
import type { Project } from './project';

/** Labelled pixels of every class of each layer of classes but `but`: classes belong to the whole project. @throws MembranaError file.unreadable */
export async function classesOfLayers(
  project: Pick<Project, 'everyLayer' | 'labelsOf'>,
  but: LayerKey | null = null,
): Promise<{ readonly layer: KnownLayer; readonly counts: readonly ClassCount[] }[]> {
  const found = [];
  for (const layer of project.everyLayer) {
    if (layer.info.kind !== 'classes' || (but && sameLayer(layer.key, but))) continue;
    const labels = project.labelsOf(layer.key);
    await labels.settled();
    const counts = await countClasses(labels, layer, labels.reviewedSlices());
    found.push({ layer, counts });
  }
  return found;
}

/**
 * The classes of a project once a layer is as a version has it: those of the
 * version, and as they are now those that other layers have pixels of. What was
 * painted there must neither lose its class nor become another one.
 *
 * @throws MembranaError file.unreadable
 */
export async function classesRestored(
  project: Pick<Project, 'everyLayer' | 'labelsOf' | 'classes'>,
  version: LayerKey & { readonly classes: readonly LabelClass[] },
): Promise<LabelClass[]> {
  const now = project.classes;
  if (JSON.stringify(now) === JSON.stringify(version.classes)) return [...now];
  const others = await classesOfLayers(project, version);
  const used = new Set(others.flatMap(({ counts }) => counts.map((count) => count.class)));
  const kept = now.filter(({ id }) => used.has(id));
  const restored = version.classes.map((one) => kept.find(({ id }) => id === one.id) ?? one);
  const known = new Set(restored.map(({ id }) => id));
  const keys = new Set<number>();
  return [...restored, ...kept.filter(({ id }) => !known.has(id))].map((one) => {
    if (one.key === null || !keys.has(one.key)) {
      if (one.key !== null) keys.add(one.key);
      return one;
    }
    return { ...one, key: null };
  });
}
