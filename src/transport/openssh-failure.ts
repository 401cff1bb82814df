import { fail, lastLines } from './failures.ts';
import type { SshConnectFailure } from './ssh-connect.ts';
import type { SshSettings } from './ssh-settings.ts';

/** What the system's ssh says when it cannot connect, in the terms of every other connection. */
export function explainOpenssh(
  name: string,
  settings: SshSettings,
  stderr: string,
  why: string,
): { readonly ok: false; readonly error: SshConnectFailure } {
  const seen = lastLines(stderr);
  const rest = seen === undefined ? {} : { stderr: seen };
  const where = `${settings.user}@${settings.host}:${settings.port}`;
  if (/REMOTE HOST IDENTIFICATION HAS CHANGED|revoked/i.test(stderr)) {
    return fail('host-key-mismatch', `The host key of "${name}" changed or is revoked`, {
      ...rest,
      help: 'If the host was installed anew, remove the old key with ssh-keygen -R; if not, somebody may be in between',
    });
  }
  if (/Host key verification failed|host key is known/i.test(stderr)) {
    return fail('host-key-mismatch', `The host key of "${name}" is not known`, {
      ...rest,
      help: 'Compare the fingerprint on the host, then add the key, or run once with --host-key accept-new',
    });
  }
  if (/Permission denied|Too many authentication failures/.test(stderr)) {
    return fail('auth-failed', `Cannot log in to "${name}" as ${where}: ${lastLines(stderr, 1) ?? why}`, {
      ...rest,
      help: 'Check ansible_user, the key and the authorized_keys of that user',
    });
  }
  if (
    /Connection refused|timed out|Could not resolve|No route to host|Network is unreachable|cannot be started/.test(
      stderr + why,
    )
  ) {
    return fail(
      'unreachable',
      `Cannot reach "${name}" at ${settings.host}:${settings.port}: ${lastLines(stderr, 1) ?? why}`,
      {
        ...rest,
        retry: 'transient',
        help: 'Check that the host is up and sshd runs there, ansible_host and ansible_port',
      },
    );
  }
  // A ProxyCommand that ends says nothing of how busy the host is.
  const dropped =
    /kex_exchange_identification|Connection (reset|closed) by/.test(stderr) && !stderr.includes('UNKNOWN port 65535');
  const failed = fail(
    'unreachable',
    `"${name}" at ${settings.host}:${settings.port} does not let in: ${lastLines(stderr, 1) ?? why}`,
    {
      ...rest,
      retry: 'transient',
      help: 'Try the same with ssh -v',
    },
  );
  return { ok: false, error: dropped ? { ...failed.error, dropped: true } : failed.error };
}
