// The modes of ksys that the bench measures.
import type { Tool } from './tool.js'

const TRACE = ['-q', '-w', '{folder}/all.ksys']
const [MARKED, OTHERS] = ['{rules}/cost/tools/marked.yaml', '{rules}/../rules/bench-rules.yaml']
const RULES = ['-f', MARKED, '-f', OTHERS]
/** A trigger that no load fires: a dump would be part of the load. */
const RULES_OF_TRIGGER = ['--rules', MARKED, '--rules', OTHERS, '--trigger', 'rule.name="Kernel module loaded"']
const RECORD = ['record', '-q', '--last', '60s', '--after', '0s', '-w', '{folder}/recorded.ksys']

const mode = (name: string, title: string, command: readonly string[], more: Partial<Tool> = {}): Tool => ({
  name,
  title,
  command,
  ksys: true,
  ...more,
})

// with the default limit of series the marked program may be counted as `other` on a host with many programs
export const KSYS_MODES: readonly Tool[] = [
  mode('nosuch', 'nothing matches, by name: `ksys proc.name=nosuch`', ['proc.name=nosuch']),
  mode('nosuch-path', 'nothing matches, by path: `ksys fd.name contains /nosuch`', ['fd.name contains /nosuch']),
  mode('nosuch-container', 'nothing matches, by container: `ksys container.name=nosuch`', ['container.name=nosuch']),
  mode('write', '`ksys -w FILE`: everything is recorded', TRACE, { counts: 'trace' }),
  mode('write-no-structs', '`ksys -w FILE --no-structs`', [...TRACE, '--no-structs'], { counts: 'trace' }),
  mode(
    'write-filter',
    '`ksys -w FILE` of opens, starts of programs and failed calls',
    [...TRACE, 'evt.type in (openat, execve, fchmodat) or evt.failed=true'],
    { counts: 'trace' },
  ),
  mode('summary', '`ksys -q -S`', ['-q', '-S']),
  mode('topscalls', '`ksys -c topscalls`', ['-c', 'topscalls']),
  mode('topprocs_net', '`ksys -c topprocs_net`', ['-c', 'topprocs_net']),
  mode('metrics', '`ksys metrics`', ['metrics', '--series', '100000'], { counts: 'metrics' }),
  mode('metrics-off', '`ksys metrics --buckets off`', ['metrics', '--series', '100000', '--buckets', 'off'], {
    counts: 'metrics',
  }),
  mode('rules', '`ksys rules` with 96 rules', ['rules', '-q', ...RULES, '--output', 'file={folder}/alerts'], {
    counts: 'alerts',
    complete: true,
  }),
  mode('record', '`ksys record --last 60s`', RECORD, { counts: 'dump' }),
  mode('record-rules', '`ksys record --last 60s --rules` with 96 rules', [...RECORD, ...RULES_OF_TRIGGER], {
    counts: 'dump',
  }),
  mode('max-cpu', '`ksys -w FILE --max-cpu 5%`', [...TRACE, '--max-cpu', '5%'], { counts: 'trace', limits: true }),
  mode('max-calls', '`ksys -w FILE --max-calls 10000`', [...TRACE, '--max-calls', '10000'], {
    counts: 'trace',
    complete: true,
    limits: true,
    loads: ['super'],
  }),
]
