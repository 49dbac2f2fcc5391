// Lines of a file that two threads format: what is printed is what one prints.
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { OrderedWriter } from '../../../src/cli/lines/ordered-writer.js'
import { PORTION, SharedSlots } from '../../../src/cli/lines/shared-slots.js'
import { mayRunParallel } from '../../../src/cli/lines/when-parallel.js'
import { parseArgs } from '../../../src/cli/options/parse.js'
import { Output } from '../../../src/cli/output/stdout.js'
import type * as Query from '../../../src/cli/query/query.js'
import { registry } from '../../../src/fields/index.js'
import type { Template } from '../../../src/format/template/template.js'
import { repeatCapture } from '../../bench/scap.js'
import { ksys, root } from '../../helpers/ksys.js'
import { scratch } from '../../helpers/trace.js'

const file = scratch()
/** the built modules: threads load no others */
const built = (room: string) => import(`${root}.build/js/src/${room}.js`)

/** Every field that needs no argument and prints a line whatever the lines before it were. */
const fields = registry.names().filter((name) => {
  const def = registry.get(name)
  return (
    def !== undefined &&
    def.removed === undefined &&
    def.print !== false &&
    def.arg?.need !== 'required' &&
    !def.needs?.includes('lines')
  )
})

/**
 * Prints a file with a helper; returns how many lines this thread formatted. In portion 1 it waits until the helper has come
 * to portion `until`. helpers: the file as the helper finds it.
 */
async function printParallel(args: string[], path: string, to: string, until = 2, helpers = path): Promise<number> {
  const [{ ParallelLineSink }, { lineTemplate }, { openCapture }, { CaptureRun }, q] = await Promise.all([
    built('cli/lines/parallel-sink') as Promise<typeof import('../../../src/cli/lines/parallel-sink.js')>,
    built('cli/output/format') as Promise<typeof import('../../../src/cli/output/format.js')>,
    built('run/open') as Promise<typeof import('../../../src/run/open.js')>,
    built('run/capture-run') as Promise<typeof import('../../../src/run/capture-run.js')>,
    built('cli/query/query') as Promise<typeof Query>,
  ])
  const s = parseArgs(['-r', path, ...args])
  const query = q.checkQuery(s)
  const source = await openCapture(path, {}, s.redaction)
  const run = new CaptureRun(source, q.styleOf(s))
  const { ctx } = run
  const fd = openSync(to, 'w')
  const own = await lineTemplate(s, query, ctx)
  let lines = 0
  const waiting: Template = {
    fieldsUsed: own.fieldsUsed,
    absences: own.absences,
    append(out, e) {
      if (++lines === PORTION + 1) waitForHelper()
      return own.append(out, e)
    },
  }
  const sink = new ParallelLineSink(waiting, s, helpers, new Output(fd), () => true)
  const waitForHelper = () => {
    const claimed = new Int32Array((sink as unknown as { share: SharedSlots }).share.memory, 0, 1)
    for (let i = 0; i < 2000 && Atomics.load(claimed, 0) <= until; i++)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
  }
  try {
    await run.begin()
    await run.run({ sinks: [sink], ...q.loopOptions(s, query, ctx) })
  } finally {
    await sink.close()
    await run.close()
    closeSync(fd)
  }
  return lines
}

test('every field prints the same with help', async () => {
  const capture = file('much.scap')
  repeatCapture(`${root}test/golden/captures/mix.scap.gz`, capture, 7000)
  const args = ['-p', `*${fields.map((name) => `%${name}`).join(' ')}`, 'not evt.type=brk']
  const lines = await printParallel(args, capture, file('helped'))
  const alone = ksys(['-r', capture, '-n', '1000000000', ...args])
  expect(alone.stderr).toMatch(/^(?:ksys: (?:k8s|rule)[\w., ]* have no value here: .*\n){2}$/)
  expect(readFileSync(file('helped'), 'utf8') === alone.stdout).toBe(true)
  expect(lines).toBeGreaterThan(0)
  expect(lines).toBeLessThan(alone.stdout.split('\n').length - PORTION / 2)
})

test('where a file grew behind the end that the helper saw, whole lines end and it is told', async () => {
  const capture = file('grown.scap')
  repeatCapture(`${root}test/golden/captures/mix.scap.gz`, capture, 24_000)
  const bytes = readFileSync(capture)
  writeFileSync(file('earlier.scap'), bytes.subarray(0, Math.floor(bytes.length * 0.6)))
  const [earlier, alone] = ['earlier.scap', 'grown.scap'].map((name) => ksys(['-r', file(name)]).stdout) as [
    string,
    string,
  ]
  const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const until = Math.floor(earlier.split('\n').length / PORTION)
  await printParallel([], capture, file('cut'), until, file('earlier.scap'))
  expect(told.mock.calls.flat().join('')).toContain('has grown while it was read')
  told.mockRestore()
  expect(readFileSync(file('cut'), 'utf8') === earlier).toBe(true)
  expect(alone.startsWith(earlier)).toBe(true)
})

test('what was formatted out of order is written in order', async () => {
  const path = file('order')
  const fd = openSync(path, 'w')
  const order = new OrderedWriter(new Output(fd))
  const released: string[] = []
  const piece = (text: string) => ({ bytes: Buffer.from(text), release: () => released.push(text) })
  order.put(1, 7, piece('d'))
  expect(await order.write(1, 7)).toBe(false)
  order.put(0, 5, piece('a'))
  order.put(0, 0, piece('b'))
  expect(await order.write(1, 7)).toBe(false)
  expect(readFileSync(path, 'utf8')).toBe('ab')
  order.put(0, PORTION, piece('c'))
  expect(await order.write(1, 8)).toBe(false)
  expect(await order.write(1, 7)).toBe(true)
  await order.settle()
  closeSync(fd)
  expect(readFileSync(path, 'utf8')).toBe('abcd')
  expect(released).toEqual(['a', 'b', 'c', 'd'])
})

test('a portion is formatted by who comes to it first', () => {
  const first = new SharedSlots()
  const second = new SharedSlots(first.memory)
  expect([first.claim(0), first.claim(1), second.claim(0), second.claim(1), second.claim(2), first.claim(2)]).toEqual([
    true,
    true,
    false,
    false,
    true,
    false,
  ])
})

test('lines that depend on those before them are not parted', () => {
  const path = `${root}captures/web.ksys`
  const may = (printed: string[], ...args: string[]) =>
    mayRunParallel(parseArgs(['-r', path, ...args]), { printed }, path)
  expect(may(['evt.num', 'fd.name'])).toBe(true)
  expect(may(['evt.num', 'evt.deltatime'])).toBe(false)
  expect(may(['util.cnt'])).toBe(false)
  expect(may(['evt.num'], '-t', 'D')).toBe(false)
  expect(may(['evt.num'], '-n', '5')).toBe(false)
  expect(may(['evt.num'], '--unbuffered')).toBe(false)
})
