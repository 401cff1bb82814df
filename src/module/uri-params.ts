import { z } from 'zod';
import { attributeParams } from './attributes.ts';
import { bool, choice, dict, int, json, list, optional, path, required, text, withDefault } from './params.ts';

const httpUrl = () =>
  text().refine((url) => /^https?:\/\/\S+$/.test(url), {
    error: 'Expected a URL that begins with http:// or https://',
  });

/** Parameters of `uri`. */
export const uriParams = z
  .strictObject({
    url: required(httpUrl(), 'Where to, seen from the host'),
    method: withDefault(
      text()
        .transform((method) => method.toUpperCase())
        .pipe(z.string().regex(/^[A-Z]+$/, { error: 'Expected an HTTP method' })),
      'GET',
      'HTTP method',
    ),
    headers: withDefault(dict(text()), {}, 'Headers to send'),
    body: optional(json(), 'What to send'),
    body_format: withDefault(
      choice(['raw', 'json', 'form-urlencoded']),
      'raw',
      'How `body` is written; "json" and "form-urlencoded" also set the content type',
    ),
    src: optional(path(), 'File of the host to send, instead of `body`'),
    remote_src: withDefault(bool(), true, 'Where `src` lies; hlb sends files of the host only'),
    status_code: withDefault(
      list(int({ min: -1, max: 599 })),
      [200],
      'Statuses that are no failure; -1 is that of a server that does not answer',
    ),
    return_content: withDefault(bool(), false, 'Return the body as `content`'),
    dest: optional(path(), 'File of the host that gets the body'),
    follow_redirects: withDefault(
      choice(['safe', 'all', 'none', 'urllib2', 'yes', 'no']),
      'safe',
      'Which redirects to follow; "safe" those of GET and HEAD',
    ),
    timeout: withDefault(int({ min: 1 }), 30, 'Seconds'),
    validate_certs: withDefault(bool(), true, 'Verify the certificate of the server'),
    ca_path: optional(path(), 'File of the host with the certificate authority'),
    client_cert: optional(path(), 'File of the host with a client certificate'),
    client_key: optional(path(), 'File of the host with its key'),
    url_username: optional(text(), 'User for basic authentication', { aliases: ['user'] }),
    url_password: optional(text(), 'Password for basic authentication', { aliases: ['password'], secret: true }),
    force_basic_auth: withDefault(
      bool(),
      false,
      'Accepted for the sake of playbooks: credentials go with the first request',
    ),
    http_agent: withDefault(text(), 'hlb', 'Value of the User-Agent header'),
    unix_socket: optional(path(), 'Socket of the host to send the request through'),
    use_proxy: withDefault(bool(), true, 'Heed the proxy of the environment'),
    force: withDefault(bool(), false, 'Ask caches on the way for a fresh answer'),
    creates: optional(path(), 'Path or shell pattern; where something matches it, nothing is sent'),
    removes: optional(path(), 'Path or shell pattern; where nothing matches it, nothing is sent'),
    ...attributeParams,
  })
  .superRefine((p, context) => {
    const issue = (message: string, field: string): void =>
      context.addIssue({ code: 'custom', message, path: [field] });
    if (p.body !== undefined && p.src !== undefined) issue('Only one of "body" and "src" can be given', 'src');
    if (p.src !== undefined && !p.remote_src)
      issue('Put the file on the host with copy, and send it from there', 'remote_src');
    if (p.dest !== undefined && p.method !== 'GET') issue('"dest" needs method GET', 'dest');
    if (p.dest === undefined && (p.mode ?? p.owner ?? p.group) !== undefined)
      issue('"mode", "owner" and "group" need "dest"', 'mode');
    if (p.client_key !== undefined && p.client_cert === undefined)
      issue('"client_key" needs "client_cert"', 'client_key');
    const isStructured = typeof p.body === 'object' && p.body !== null;
    if (p.body_format === 'form-urlencoded' && p.body !== undefined && !isStructured && typeof p.body !== 'string') {
      issue('Expected a mapping or text for a form', 'body');
    }
  });

export type UriParams = z.output<typeof uriParams>;
