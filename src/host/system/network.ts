import type { Json, JsonObject } from '../../core/value.ts';
import type { Gathered } from './gathered.ts';

type Fields = Record<string, Json>;

/** One address of `ip -o addr`. */
interface Address {
  readonly device: string;
  readonly family: 'inet' | 'inet6';
  readonly address: string;
  readonly prefix: number;
  readonly broadcast: string;
  readonly scope: string;
  readonly secondary: boolean;
  /** `eth0:1` of an alias, otherwise the device. */
  readonly label: string;
}

export function networkFacts(from: Gathered): JsonObject {
  const addresses = addressesIn(from.section('addresses'));
  const interfaces = new Map<string, Fields>(devicesIn(from).map((name) => [name, deviceFields(from, name)]));
  for (const address of addresses) addTo(interfaces, address);
  const v4 = addresses.filter((one) => one.family === 'inet');
  const v6 = addresses.filter((one) => one.family === 'inet6');
  return {
    interfaces: [...interfaces.keys()].map((name) => name.replaceAll(':', '_')),
    ...Object.fromEntries([...interfaces].map(([name, fields]) => [name.replace(/[:-]/g, '_'), fields])),
    default_ipv4: defaultRoute(from.section('route4'), v4, interfaces),
    default_ipv6: defaultRoute(from.section('route6'), v6, interfaces),
    all_ipv4_addresses: v4.map((one) => one.address).filter((one) => !one.startsWith('127.')),
    all_ipv6_addresses: v6.map((one) => one.address).filter((one) => one !== '::1'),
    dns: dnsFacts(from.lines('/etc/resolv.conf')),
  };
}

function devicesIn(from: Gathered): readonly string[] {
  return from.paths('/sys/class/net/').flatMap((path) => /^\/sys\/class\/net\/([^/]+)\/mtu$/.exec(path)?.[1] ?? []);
}

const types: Readonly<Record<string, string>> = {
  '1': 'ether',
  '32': 'infiniband',
  '512': 'ppp',
  '772': 'loopback',
  '65534': 'tunnel',
};

function deviceFields(from: Gathered, name: string): Fields {
  const read = (file: string): string | undefined => from.first(`/sys/class/net/${name}/${file}`);
  const mac = read('address');
  const speed = read('speed');
  const bridge = read('bridge/bridge_id');
  const bonding = read('bonding/mode');
  const ports = from
    .section('markers')
    .split('\n')
    .flatMap((path) => (path.startsWith(`/sys/class/net/${name}/brif/`) ? [path.split('/').at(-1) ?? ''] : []));
  return {
    device: name,
    ...(mac === undefined || mac === '' || mac === '00:00:00:00:00:00' ? {} : { macaddress: mac }),
    mtu: Number(read('mtu') ?? 0),
    active: read('operstate') !== 'down',
    type: types[read('type') ?? ''] ?? 'unknown',
    ...(bridge === undefined
      ? {}
      : { type: 'bridge', id: bridge, stp: read('bridge/stp_state') === '1', interfaces: ports }),
    ...(bonding === undefined
      ? {}
      : {
          type: 'bonding',
          mode: bonding.split(' ')[0] ?? '',
          slaves: (read('bonding/slaves') ?? '').split(' ').filter(Boolean),
        }),
    ...(speed === undefined ? {} : { speed: Number(speed) }),
    promisc: (Number(read('flags') ?? 0) & 0x100) !== 0,
  };
}

function addressesIn(text: string): readonly Address[] {
  return text.split('\n').flatMap((line): readonly Address[] => {
    const words = line.replaceAll('\\', ' ').trim().split(/\s+/);
    const [, name = '', family = '', local = ''] = words;
    if (family !== 'inet' && family !== 'inet6') return [];
    const after = (word: string): string => (words.includes(word) ? (words[words.indexOf(word) + 1] ?? '') : '');
    const peer = after('peer');
    const [address = '', own] = local.split('/');
    const device = name.replace(/:$/, '').replace(/@.*$/, '');
    const scope = after('scope');
    const rest = words.slice(words.indexOf('scope') + 2);
    const label = rest.find((word) => word === device || word.startsWith(`${device}:`)) ?? device;
    return [
      {
        device,
        family,
        address,
        prefix: Number(own ?? peer.split('/')[1] ?? (family === 'inet' ? 32 : 128)),
        broadcast: after('brd'),
        scope,
        secondary: rest.includes('secondary'),
        label,
      },
    ];
  });
}

function addTo(interfaces: Map<string, Fields>, one: Address): void {
  const device = interfaces.get(one.device) ?? { device: one.device };
  interfaces.set(one.device, device);
  if (one.family === 'inet6') {
    append(device, 'ipv6', { address: one.address, prefix: String(one.prefix), scope: one.scope });
    return;
  }
  const labelled = interfaces.get(one.label) ?? {};
  interfaces.set(one.label, labelled);
  const fields = ipv4Fields(one);
  if (!one.secondary && labelled['ipv4'] === undefined) labelled['ipv4'] = fields;
  else append(labelled, 'ipv4_secondaries', fields);
  if (one.secondary && one.label !== one.device) append(device, 'ipv4_secondaries', fields);
}

function append(fields: Fields, key: string, item: Json): void {
  const before = fields[key];
  fields[key] = Array.isArray(before) ? [...before, item] : [item];
}

function ipv4Fields(one: Address): JsonObject {
  const number = one.address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const mask = one.prefix === 0 ? 0 : 2 ** 32 - 2 ** (32 - one.prefix);
  const dotted = (value: number): string =>
    [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
  const size = 2 ** (32 - one.prefix);
  return {
    address: one.address,
    broadcast: one.broadcast,
    netmask: dotted(mask),
    network: dotted(Math.floor(number / size) * size),
    prefix: String(one.prefix),
  };
}

/** The way out, and the address that it is gone with. */
function defaultRoute(
  text: string,
  addresses: readonly Address[],
  interfaces: ReadonlyMap<string, Fields>,
): JsonObject {
  const words = text.split('\n')[0]?.trim().split(/\s+/) ?? [];
  const after = (word: string): string | undefined =>
    words.includes(word) ? words[words.indexOf(word) + 1] : undefined;
  const [device, address, gateway] = [after('dev'), after('src'), after('via')];
  const own = addresses.find((one) => one.address === address);
  const link = interfaces.get(own?.device ?? '');
  const { macaddress, mtu, type } = link ?? {};
  return {
    ...(device === undefined ? {} : { interface: device }),
    ...(address === undefined ? {} : { address }),
    ...(gateway === undefined ? {} : { gateway }),
    ...(own === undefined
      ? {}
      : own.family === 'inet'
        ? { ...ipv4Fields(own), alias: own.label }
        : { prefix: String(own.prefix), scope: own.scope }),
    ...(macaddress === undefined ? {} : { macaddress }),
    ...(mtu === undefined ? {} : { mtu }),
    ...(type === undefined ? {} : { type }),
  };
}

function dnsFacts(lines: readonly string[]): JsonObject {
  const facts: Fields = {};
  for (const line of lines) {
    const [word = '', ...rest] = line.trim().split(/\s+/);
    if (word === 'nameserver') for (const one of rest) append(facts, 'nameservers', one);
    if (word === 'domain' && rest[0] !== undefined) facts['domain'] = rest[0];
    if (word === 'search' || word === 'sortlist') facts[word] = rest;
    if (word === 'options') {
      facts['options'] = Object.fromEntries(
        rest.map((option) => {
          const [name = '', value] = option.split(':');
          return [name, value ?? true];
        }),
      );
    }
  }
  return facts;
}
