import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelClass, VoxelSize } from '#contract/entities';
import { createTiffWriter, type TiffWriter } from '#main/stacks/tiff/tiff-writer';
import type { ClassMap } from '../compute/requests';
import { usageError } from './arguments';

interface ClassFile {
  readonly id: number;
  readonly name: string;
  readonly threshold: number;
  readonly probability: string;
  readonly mask: string;
  readonly maps: TiffWriter;
  readonly masks: TiffWriter;
}

/** Letters, digits and dashes of a class name, for a file of its own. */
function fileName({ id, name }: ModelClass, all: readonly ModelClass[]): string {
  const plain = (text: string): string => text.replace(/[^\p{L}\p{N}-]+/gu, '_');
  const own = plain(name);
  return all.some((one) => one.id !== id && plain(one.name) === own) ? `${own}-${String(id)}` : own;
}

/** Two stacks for each class of a model beside membrane: its probability, and its mask at its own threshold. */
export class ClassFiles {
  private constructor(private readonly files: readonly ClassFile[]) {}

  /** @throws MembranaError usage where the model knows no such class; disk.full, file.write-failed */
  static async create(
    folder: string,
    classes: readonly ModelClass[],
    shape: { readonly width: number; readonly height: number; readonly voxelSize: VoxelSize },
  ): Promise<ClassFiles> {
    if (classes.length === 0)
      throw usageError(
        'The model knows no class beside membrane, so --classes has none to write.',
        'segment',
      );
    await mkdir(folder, { recursive: true });
    const files: ClassFile[] = [];
    for (const one of classes) {
      const name = fileName(one, classes);
      const probability = join(folder, `${name}-probability.tif`);
      const mask = join(folder, `${name}-mask.tif`);
      const range = { min: 0, max: 1 };
      files.push({
        ...{ id: one.id, name: one.name, threshold: one.threshold, probability, mask },
        maps: await createTiffWriter(probability, { ...shape, type: 'float32', range }),
        masks: await createTiffWriter(mask, { ...shape, type: 'uint8' }),
      });
    }
    return new ClassFiles(files);
  }

  /** The maps of a slice; 0 everywhere for a class that has none. */
  async append(maps: readonly ClassMap[], pixels: number, signal: AbortSignal): Promise<void> {
    for (const { id, threshold, maps: writer, masks } of this.files) {
      const found = maps.find((map) => map.id === id)?.probability;
      const probability = found instanceof Float32Array ? found : new Float32Array(pixels);
      await writer.append(probability, signal);
      // 0 is said where there is no tissue.
      const mask = Uint8Array.from(probability, (p) => (p > 0 && p >= threshold ? 255 : 0));
      await masks.append(mask, signal);
    }
  }

  writers(): TiffWriter[] {
    return this.files.flatMap(({ maps, masks }) => [maps, masks]);
  }

  /** For the command's answer. */
  report(): { name: string; threshold: number; probability: string; mask: string }[] {
    return this.files.map(({ name, threshold, probability, mask }) => ({
      ...{ name, threshold, probability, mask },
    }));
  }
}
