import { describe, expect, it } from 'vitest';
import { parseImageJ, imageJVoxelSize } from './imagej';
import { parseOme } from './ome';
import { omePlanes } from './ome-planes';
import { resolutionVoxelSize } from './print-resolution';

const pixels = (attributes: string, inside = ''): string =>
  `<?xml version="1.0"?><OME UUID="urn:uuid:a"><Image><Pixels DimensionOrder="XYCZT" SizeC="2" SizeZ="3" SizeT="1" ${attributes}>${inside}</Pixels></Image></OME>`;

/** Directory of each plane of the two channels and three slices. */
const mapped = async (map: string): Promise<readonly (number | null)[] | null> =>
  omePlanes(await parseOme(pixels('', map)), 1).directories;

describe('OME-XML', () => {
  it.each([
    ['nm', 4],
    ['µm', 4000],
    ['\u03bcm', 4000],
    ['&#181;m', 4000],
    ['mm', 4e6],
    ['\u00c5', 0.4],
    ['pixel', null],
    ['reference frame', null],
  ])('understands lengths in %s', async (unit, nm) => {
    const { voxelSize } = await parseOme(pixels(`PhysicalSizeX="4" PhysicalSizeXUnit="${unit}"`));
    expect(voxelSize.x).toBe(nm);
  });

  it.each(['0', '-4', 'NaN', ''])('calls a length of "%s" unknown', async (length) => {
    expect((await parseOme(pixels(`PhysicalSizeX="${length}"`))).voxelSize.source).toBe('unknown');
  });

  it('follows the map from planes to directories', async () => {
    const map = [0, 1, 2, 3, 4, 5]
      .map(
        (plane) =>
          `<TiffData FirstC="${plane % 2}" FirstZ="${Math.floor(plane / 2)}" IFD="${5 - plane}" PlaneCount="1"/>`,
      )
      .join('');
    expect(await mapped(map)).toEqual([5, 4, 3, 2, 1, 0]);
    expect(await mapped('<TiffData/>')).toBeNull();
  });

  it('leaves out planes of other files, and says so', async () => {
    const map =
      '<TiffData IFD="0" PlaneCount="1"><UUID FileName="b.tif">urn:uuid:b</UUID></TiffData><TiffData FirstC="1" IFD="0" PlaneCount="1"><UUID>urn:uuid:a</UUID></TiffData>';
    const { warnings } = await parseOme(pixels('', map));
    expect((await mapped(map))?.slice(0, 2)).toEqual([null, 0]);
    expect(warnings.map(({ code }) => code)).toEqual(['ome-companions']);
  });

  it.each([
    '<!DOCTYPE OME [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><OME><Image><Pixels PhysicalSizeX="4"/></Image></OME>',
    '<OME><Image><Pixels PhysicalSizeX="4',
  ])('refuses document types and broken tags, with a warning', async (xml) => {
    const { voxelSize, warnings } = await parseOme(xml);
    expect([voxelSize.x, warnings.map(({ code }) => code)]).toEqual([null, ['ome-ignored']]);
  });

  it('takes a map of a million planes in its stride', async () => {
    const map = '<TiffData IFD="1" PlaneCount="9007199254740991"/>'.repeat(100_000);
    expect(await mapped(map)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('other calibrations', () => {
  it('reads ImageJ units in all their spellings', () => {
    for (const unit of ['micron', 'um', '\\u00B5m', 'µm', 'μm', 'microns'])
      expect(
        imageJVoxelSize(parseImageJ(`ImageJ=1\nunit=${unit}\nspacing=-0.05`)!, { x: 250, y: 250 })
          .voxelSize,
      ).toEqual({ x: 4, y: 4, z: 50, source: 'file' });
  });

  it.each([
    [{ x: 300, y: 300 }, 2, null, ['print-resolution']],
    [{ x: 9600, y: 9600 }, 2, null, ['print-resolution']],
    [{ x: 118.11, y: 118.11 }, 3, null, ['print-resolution']],
    [{ x: 0, y: 0 }, 3, null, []],
    [{ x: 1, y: 1 }, 2, null, []],
    [{ x: 2.5e6, y: 2.5e6 }, 3, 4, []],
    [{ x: 6.35e6, y: 6.35e6 }, 2, 4, []],
  ] as const)('takes %j a unit of kind %i for %s nm', (perUnit, unit, nm, codes) => {
    const { voxelSize, warnings } = resolutionVoxelSize(perUnit, unit);
    expect([voxelSize.x, voxelSize.source]).toEqual([nm, nm === null ? 'unknown' : 'file']);
    expect(warnings.map(({ code }) => code)).toEqual(codes);
  });
});
