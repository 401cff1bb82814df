import { describe, expect, it } from 'vitest';
import { noAnswerText } from '../../../src/module/no-answer.ts';

describe('a server that gives no answer', () => {
  it.each([
    [
      "curl: (7) Failed to connect to 127.0.0.1 port 1 after 0 ms: Couldn't connect to server",
      'Request failed: <urlopen error [Errno 111] Connection refused>',
    ],
    [
      "wget: can't connect to remote host (127.0.0.1): Connection refused",
      'Request failed: <urlopen error [Errno 111] Connection refused>',
    ],
    [
      'Could not resolve host: no-such-host.invalid',
      'Request failed: <urlopen error [Errno -2] Name or service not known>',
    ],
    ['wget: bad address "nowhere"', 'Request failed: <urlopen error [Errno -2] Name or service not known>'],
    ['curl: (28) Operation timed out after 1001 milliseconds with 0 bytes received', 'Connection failure: timed out'],
    ['curl: (28) Connection timed out after 1001 milliseconds', 'Request failed: <urlopen error timed out>'],
    ['Operation too slow. Less than 1 bytes/sec transferred the last 1 seconds', 'Connection failure: timed out'],
    [
      'curl: (7) Failed to connect to 10.0.0.1 port 80 after 3 ms: No route to host',
      'Request failed: <urlopen error [Errno 113] No route to host>',
    ],
    [
      'curl: (60) SSL certificate problem: self-signed certificate',
      'Request failed: <urlopen error SSL certificate problem: self-signed certificate>',
    ],
  ])('is told in the words that Ansible has for %s', (said, told) => {
    expect(noAnswerText(said)).toBe(told);
  });
});
