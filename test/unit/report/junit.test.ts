import { expect, it } from 'vitest';
import { createJunit } from '../../../src/report/junit.ts';
import { commandFailure, hostResult, playStart, taskStart } from './events.ts';

it('writes a suite a play and a case for each task on each host', () => {
  const junit = createJunit();
  for (const event of [
    playStart(),
    taskStart('t1', 'Install <nginx> & "more"'),
    hostResult('t1', 'w1', { durationMs: 1500 }),
    hostResult('t1', 'w2', { outcome: 'changed' }),
    hostResult('t1', 'w3', { outcome: 'skipped', note: 'when: false' }),
    hostResult('t1', 'w4', { outcome: 'failed', failure: commandFailure }),
    hostResult('t1', 'w5', { outcome: 'failed', failure: commandFailure, ignored: true }),
    hostResult('t1', 'w6', {
      outcome: 'unreachable',
      failure: { reason: 'unreachable', message: 'No route', retry: 'transient' },
    }),
  ])
    junit.emit(event);
  expect(junit.xml()).toBe(
    [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites>',
      '  <testsuite name="Web servers" timestamp="2026-01-02T03:04:05.000Z" tests="6" failures="1" errors="1" skipped="1" time="1.550">',
      '    <testcase name="[w1] Install &lt;nginx&gt; &amp; &quot;more&quot;" file="site.yml" classname="site.yml:4:7" time="1.500"/>',
      '    <testcase name="[w2] Install &lt;nginx&gt; &amp; &quot;more&quot;" file="site.yml" classname="site.yml:4:7" time="0.010">',
      '      <system-out>changed</system-out>',
      '    </testcase>',
      '    <testcase name="[w3] Install &lt;nginx&gt; &amp; &quot;more&quot;" file="site.yml" classname="site.yml:4:7" time="0.010">',
      '      <skipped message="when: false"/>',
      '    </testcase>',
      '    <testcase name="[w4] Install &lt;nginx&gt; &amp; &quot;more&quot;" file="site.yml" classname="site.yml:4:7" time="0.010">',
      '      <failure message="Exit code 127 (command not found): nginx -t" type="command-failed">nginx -t&#10;sh: 1: nginx: not found&#10;\ufffd[31mbye&#10;&#10;Install nginx</failure>',
      '    </testcase>',
      '    <testcase name="[w5] Install &lt;nginx&gt; &amp; &quot;more&quot;" file="site.yml" classname="site.yml:4:7" time="0.010">',
      '      <system-out>failed (ignored): Exit code 127 (command not found): nginx -t</system-out>',
      '    </testcase>',
      '    <testcase name="[w6] Install &lt;nginx&gt; &amp; &quot;more&quot;" file="site.yml" classname="site.yml:4:7" time="0.010">',
      '      <error message="No route" type="unreachable"/>',
      '    </testcase>',
      '  </testsuite>',
      '</testsuites>',
      '',
    ].join('\n'),
  );
});
