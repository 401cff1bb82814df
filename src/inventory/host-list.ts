import { parseAddress } from './address.ts';
import { declareHosts, type Reading } from './reading.ts';

/** `host1,host2:2222` or `host1,`: hosts on the command line. Ranges have no meaning here, and a host that is known stays as it is. */
export function readHostList(list: string, reading: Reading): void {
  const source = { path: '-i', text: list };
  for (const match of list.matchAll(/[^,]+/g)) {
    const text = match[0].trim();
    if (text === '') continue;
    const start = match.index + match[0].indexOf(text);
    const address = parseAddress(text);
    const known = address === undefined || address.host.includes('[') ? { host: text } : address;
    if (reading.draft.hosts.has(known.host)) continue;
    declareHosts(reading, [known.host], 'ungrouped', known.port, { source, start, end: start + text.length });
  }
}
