import type { Source } from '../core/source.ts';
import type { BalancerConfig } from './config.ts';
import { endpointText } from './endpoint.ts';
import { endpointOf, linesWith, parseConfig } from './parse.ts';

/** Where the balancer listens with this configuration. */
export function listenersOf({ bind, port, healthPort }: BalancerConfig): {
  readonly api: string;
  readonly health: string;
} {
  return { api: endpointText(bind, port), health: endpointText('127.0.0.1', healthPort) };
}

/** Where an haproxy listens that has loaded a text; undefined where that cannot be told. */
export function listenersIn(source: Source): readonly string[] | undefined {
  const sections = parseConfig(source);
  if (!sections.ok) return undefined;
  return sections.value
    .filter(({ kind }) => kind === 'frontend' || kind === 'listen')
    .flatMap((section) => linesWith(section, 'bind'))
    .flatMap(([, word]) => (word === undefined ? [] : word.text.split(',').map((text) => ({ ...word, text }))))
    .flatMap((word) => {
      const place = endpointOf(word);
      return place === undefined ? [] : [endpointText(place.address, place.port)];
    });
}
