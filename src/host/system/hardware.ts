import type { Json, JsonObject } from '../../core/value.ts';
import type { Gathered } from './gathered.ts';

export function hardwareFacts(from: Gathered, architecture: string): JsonObject {
  return {
    ...processorFacts(from.section('cpu'), architecture, from.lines('/proc/self/status')),
    ...memoryFacts(from),
    ...productFacts(from),
    mounts: mountFacts(from),
    devices: deviceFacts(from),
    uptime_seconds: Math.floor(Number((from.first('/proc/uptime') ?? '0').split(' ')[0])),
    loadavg: loadFacts(from),
  };
}

function processorFacts(cpuinfo: string, architecture: string, status: readonly string[]): JsonObject {
  const rows = cpuinfo.split('\n').flatMap((line) => {
    const colon = line.indexOf(':');
    return colon === -1 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const];
  });
  const values = (key: string): readonly string[] => rows.filter(([name]) => name === key).map(([, value]) => value);
  const shown = ['model name', 'Processor', 'vendor_id', 'cpu', 'Vendor', 'processor'];
  const processor = rows.filter(([name]) => shown.includes(name)).map(([, value]) => value);
  const logical = values('processor').length;
  const vendors = values('vendor_id').length;
  const named = vendors > 0 && vendors === values('model name').length ? vendors : processor.length;
  const count = /^(armv|aarch|ppc)/.test(architecture) ? logical : named;
  const sockets = new Set(values('physical id')).size;
  const cores = Number(values('cpu cores')[0] ?? 1) || 1;
  const siblings = values('siblings')[0];
  const threads = Math.floor((siblings === undefined ? 1 : Number(siblings)) / cores);
  const processors = sockets === 0 ? count : sockets;
  return {
    processor,
    processor_count: processors,
    processor_cores: cores,
    processor_threads_per_core: threads,
    processor_vcpus: threads * processors * cores,
    processor_nproc: allowedProcessors(status) ?? logical,
  };
}

/** `0-3,8` of the processors that a process may run on. */
function allowedProcessors(status: readonly string[]): number | undefined {
  const list = status
    .find((line) => line.startsWith('Cpus_allowed_list:'))
    ?.split(':')[1]
    ?.trim();
  if (list === undefined) return undefined;
  return list
    .split(',')
    .map((range) => range.split('-').map(Number))
    .reduce((sum, [first = 0, last = first]) => sum + last - first + 1, 0);
}

function memoryFacts(from: Gathered): JsonObject {
  const megabytes = new Map(
    from.lines('/proc/meminfo').flatMap((line) => {
      const [, key = '', kib] = /^(\w+):\s+(\d+)/.exec(line) ?? [];
      return kib === undefined ? [] : [[key, Math.floor(Number(kib) / 1024)] as const];
    }),
  );
  const of = (key: string): number => megabytes.get(key) ?? 0;
  const total = of('MemTotal');
  const free = of('MemFree');
  const uncached = free + of('Cached') + of('Buffers');
  const swap = { total: of('SwapTotal'), free: of('SwapFree'), cached: of('SwapCached') };
  return {
    memtotal_mb: total,
    memfree_mb: free,
    swaptotal_mb: swap.total,
    swapfree_mb: swap.free,
    memory_mb: {
      real: { total, used: total - free, free },
      nocache: { free: uncached, used: total - uncached },
      swap: { ...swap, used: swap.total - swap.free },
    },
  };
}

/** Facts that are told by the firmware; `NA` where it says nothing. */
const firmware = [
  'bios_date',
  'bios_vendor',
  'bios_version',
  'board_asset_tag',
  'board_name',
  'board_serial',
  'board_vendor',
  'board_version',
  'chassis_asset_tag',
  'chassis_serial',
  'chassis_vendor',
  'chassis_version',
  'product_name',
  'product_serial',
  'product_uuid',
  'product_version',
] as const;

function productFacts(from: Gathered): JsonObject {
  const read = (name: string): string => from.first(`/sys/class/dmi/id/${name}`) || 'NA';
  return {
    ...Object.fromEntries(firmware.map((name) => [name, read(name)])),
    system_vendor: read('sys_vendor'),
  };
}

const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

/** Devices alone, as Ansible lists them. Of what another host serves no sizes are asked, as that may hang. */
function mountFacts(from: Gathered): readonly Json[] {
  const space = new Map(
    from
      .section('space')
      .split('\n')
      .flatMap((line) => {
        const [, numbers = '', path] = /^((?:\d+ ){6})(.*)$/.exec(line) ?? [];
        return path === undefined ? [] : [[path, numbers.trim().split(' ').map(Number)] as const];
      }),
  );
  return from.lines('/proc/mounts').flatMap((line): readonly Json[] => {
    const [device = '', mount = '', fstype = '', options = '', dump = '0', passno = '0'] = line
      .split(' ')
      .map(unescaped);
    if ((!device.startsWith('/') && !device.includes(':/')) || fstype === 'none') return [];
    const sizes = space.get(mount);
    return [
      {
        device,
        mount,
        fstype,
        options,
        dump: Number(dump),
        passno: Number(passno),
        ...(sizes === undefined ? {} : sizeFacts(sizes)),
      },
    ];
  });
}

function sizeFacts([size = 0, blocks = 0, , available = 0, inodes = 0, freeInodes = 0]: readonly number[]): JsonObject {
  return {
    block_size: size,
    block_total: blocks,
    block_available: available,
    block_used: blocks - available,
    size_total: size * blocks,
    size_available: size * available,
    inode_total: inodes,
    inode_available: freeInodes,
    inode_used: inodes - freeInodes,
  };
}

/** Sizes in sysfs are sectors of 512 bytes. */
function deviceFacts(from: Gathered): JsonObject {
  const names = from.paths('/sys/block/').flatMap((path) => /^\/sys\/block\/([^/]+)\/size$/.exec(path)?.[1] ?? []);
  return Object.fromEntries(
    names.map((name) => {
      const base = `/sys/block/${name}`;
      const sectors = from.first(`${base}/size`) ?? '0';
      const partitions = from
        .paths(`${base}/`)
        .flatMap((path) => /^\/sys\/block\/[^/]+\/([^/]+)\/start$/.exec(path)?.[1] ?? []);
      return [
        name,
        {
          model: from.first(`${base}/device/model`) ?? null,
          vendor: from.first(`${base}/device/vendor`) ?? null,
          removable: from.first(`${base}/removable`) ?? '0',
          rotational: from.first(`${base}/queue/rotational`) ?? '0',
          sectors,
          sectorsize: from.first(`${base}/queue/hw_sector_size`) ?? '512',
          size: human(Number(sectors) * 512),
          partitions: Object.fromEntries(partitions.map((one) => [one, partitionFacts(from, `${base}/${one}`)])),
        },
      ];
    }),
  );
}

function partitionFacts(from: Gathered, base: string): JsonObject {
  const sectors = from.first(`${base}/size`) ?? '0';
  return { start: from.first(`${base}/start`) ?? '0', sectors, sectorsize: 512, size: human(Number(sectors) * 512) };
}

function human(bytes: number): string {
  const units = ['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB'];
  const power = Math.min(units.length - 1, bytes < 1024 ? 0 : Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(2)} ${units[power] ?? ''}`;
}

function loadFacts(from: Gathered): JsonObject {
  const [one = 0, five = 0, fifteen = 0] = (from.first('/proc/loadavg') ?? '').split(' ').map(Number);
  return { '1m': one, '5m': five, '15m': fifteen };
}
