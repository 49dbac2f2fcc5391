// --expect: what is new, what is not, and which files are no baseline.
import { describe, expect, test } from 'vitest'
import { parseBaseline } from '../../../src/report/baseline.js'
import { newIn } from '../../../src/report/compare.js'
import type { Finished } from '../../../src/report/finish.js'
import { jsonOf } from '../../../src/report/json.js'
import { creates, reads, reportOn, runs } from '../../helpers/report.js'
import type { RowSpec } from '../../helpers/rows.js'

/** What is new in a run, compared with the JSON of another, as `section: name`. */
function isNew(run: Finished, before: Finished): string[] {
  return newIn(run, parseBaseline(jsonOf(before.report, undefined))).map((r) => `${r.section}: ${r.what}`)
}

/** A run with names that are others in each run: `letter` and `digit` are in them. */
const run = (letter: string, digit: number, more: readonly RowSpec[] = []): Finished =>
  reportOn([
    runs('/usr/bin/make', []),
    creates(`/tmp/cc${letter.repeat(3)}XyZ.o`),
    reads(`/proc/${digit}${digit}1/status`),
    creates(`/root/.cache/pip/http/${digit}/${letter}/${digit}${letter}0123456789abcdef`),
    creates(`/root/.npm/_logs/202${digit}-01-01T0${digit}_00_00_00${digit}Z-debug.log`),
    reads(`/opt/sdk/a`),
    ...more,
  ])

test('a run does not differ from one with other process ids, temporary names, hashes and dates', () => {
  expect(isNew(run('b', 2), run('c', 3))).toEqual([])
})

test('each kind of thing that the baseline does not have is new', () => {
  const more: RowSpec[] = [
    reads('/root/.ssh/id_rsa'),
    creates('/etc/cron.d/x'),
    reads('/opt/sdk/b'),
    { type: 'setuid', params: { uid: 1000 } },
    { type: 'mkdir', ret: -13, params: { path: '/srv/x' } },
    { type: 'unlink', params: { path: '/opt/old' } },
    { type: 'clone', ret: 200, params: { flags: 0 } },
    runs('/usr/bin/curl', [], 200),
  ]
  expect(isNew(run('b', 2, more), run('b', 2))).toEqual([
    'secrets: /root/.ssh/id_rsa',
    'privileges: changed to user 1000',
    'programs: /usr/bin/curl',
    'refused: mkdir /srv/x: EACCES',
    'written: /etc/cron.d/x',
    'removed: /opt/old',
    'read: /root/.ssh/id_rsa',
    'read: /opt/sdk/b',
  ])
  expect(isNew(run('b', 2), run('b', 2, more))).toEqual([])
})

test('another file of a folder that the baseline shows as one row is not new, one beside it is', () => {
  const files = (n: number) => Array.from({ length: n }, (_, i) => creates(`/srv/data/${'abcdefghij'[i]}`))
  expect(isNew(reportOn(files(10)), reportOn(files(9)))).toEqual([])
  expect(isNew(reportOn([...files(9), creates('/srv/datb')]), reportOn(files(9)))).toEqual(['written: /srv/datb'])
  // few files keep their names
  expect(isNew(reportOn(files(3)), reportOn(files(2)))).toEqual(['written: /srv/data/c'])
})

describe('a file that is no report', () => {
  const good = JSON.parse(jsonOf(run('b', 2).report, undefined)) as Record<string, unknown>
  const changed = (more: object) => JSON.stringify({ ...good, ...more })
  const nested = (depth: number): object => ({
    program: 'x',
    runs: 1,
    programs: depth === 0 ? [] : [nested(depth - 1)],
  })
  test.each([
    ['', 'it is not JSON'],
    ['{', 'it is not JSON'],
    ['null', 'it is not a report'],
    ['[]', 'it is not a report'],
    ['{"schema":1}', 'it is not a report'],
    [changed({ schema: 99 }), 'it has version 99'],
    [changed({ hosts: undefined }), "its 'hosts' is not a list"],
    [changed({ hosts: {} }), "its 'hosts' is not a list"],
    [changed({ hosts: [null] }), "an entry of its 'hosts' has no 'host'"],
    [changed({ hosts: [{ host: 1 }] }), "an entry of its 'hosts' has no 'host'"],
    [changed({ programs: [{ program: 'x' }] }), "its 'programs' is not a list"],
    [changed({ programs: [nested(1000)] }), 'nested too deeply'],
  ])('%.40s is refused with the reason', (text, reason) => {
    expect(() => parseBaseline(text)).toThrow(reason)
  })
})
