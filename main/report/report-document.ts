import { csvCell, escapeHtml } from './escape';
import type { ReportFacts } from './report-facts';

/** A picture of the report. */
export interface ReportPicture {
  readonly title: string;
  readonly png: Uint8Array;
}

/** First line of every CSV of ours: a file without it is somebody else's. */
export const CSV_HEAD = 'section,item,value';

const style =
  'body{font:15px/1.5 system-ui,sans-serif;margin:40px auto;max-width:960px;padding:0 24px;color:#1c1e21;background:#fff}' +
  'h1{font-size:26px}h2{font-size:17px;margin:28px 0 8px}table{border-collapse:collapse;width:100%}' +
  'th,td{border-bottom:1px solid #d9dce0;padding:4px 12px 4px 0;text-align:left;vertical-align:top;overflow-wrap:anywhere}' +
  'th{font-weight:400;color:#5a6068;width:38%}blockquote{border-left:3px solid #d55e00;margin:0;padding:4px 16px}' +
  '.pictures{display:flex;flex-wrap:wrap;gap:16px}figure{flex:1 1 300px;margin:0}img{width:100%;image-rendering:pixelated}' +
  'figcaption{color:#5a6068;font-size:13px}@media print{h2{break-after:avoid}}';

/** One HTML page that needs nothing beside it: no script, no address, pictures within. */
export function reportHtml(
  { title, sections, sentence }: ReportFacts,
  pictures: readonly ReportPicture[],
): string {
  const figures = pictures.map(
    ({ title: caption, png }) =>
      `<figure><img alt="${escapeHtml(caption)}" src="data:image/png;base64,${Buffer.from(png).toString('base64')}"><figcaption>${escapeHtml(caption)}</figcaption></figure>`,
  );
  const tables = sections.map(
    (section) =>
      `<h2>${escapeHtml(section.title)}</h2><table>${section.facts
        .map(
          ({ item, value }) =>
            `<tr><th scope="row">${escapeHtml(item)}</th><td>${escapeHtml(shown(value))}</td></tr>`,
        )
        .join('')}</table>`,
  );
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">`,
    `<title>${escapeHtml(title)}</title><style>${style}</style></head><body>`,
    `<h1>${escapeHtml(title)}</h1>`,
    sentence === null ? '' : `<h2>Methods</h2><blockquote>${escapeHtml(sentence)}</blockquote>`,
    figures.length === 0 ? '' : `<h2>Pictures</h2><div class="pictures">${figures.join('')}</div>`,
    ...tables,
    '</body></html>\n',
  ].join('\n');
}

/** The same facts as a table of three columns; `sentence` is its last line. */
export function reportCsv({ sections, sentence }: ReportFacts): string {
  const rows = sections.flatMap(({ key, facts }) =>
    facts.map(({ item, value }) => [key, item, value].map(csvCell).join(',')),
  );
  const last = sentence === null ? [] : [['methods', 'sentence', sentence].map(csvCell).join(',')];
  return `${[CSV_HEAD, ...rows, ...last].join('\r\n')}\r\n`;
}

const shown = (value: string | number): string =>
  typeof value === 'number' && !Number.isInteger(value)
    ? String(Number(value.toPrecision(4)))
    : String(value);
