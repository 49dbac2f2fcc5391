// Actions on rows: which are offered for a row, that values never become options or shell text, and that the runner accepts nothing else.
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Duplex } from 'node:stream'
import { afterAll, describe, expect, test } from 'vitest'
import { ACTIONS } from '../../src/actions/catalog/index.js'
import { Runner } from '../../src/actions/client.js'
import { type Action, fieldsOf, requiredFields } from '../../src/actions/define.js'
import type { Outcome } from '../../src/actions/execute.js'
import { encode, FRAME } from '../../src/actions/frame.js'
import { offers, type RowFacts } from '../../src/actions/offer.js'
import { OwnActionsError, parseOwnActions, readOwnActions } from '../../src/actions/own.js'
import { cleanEnvironment, findProgram } from '../../src/actions/programs.js'
import { serve } from '../../src/actions/runner.js'
import { UntrustedError } from '../../src/model/trusted-file.js'
import { keyFields } from '../../src/tui/model/query.js'
import { columnsOf, type View } from '../../src/views/define.js'
import { loadViews } from '../../src/views/index.js'

/** The fields that rows of a view may have for actions, whatever is in the capture. */
function fieldsShownBy(view: View): string[] {
  const plain = columnsOf(view).flatMap((c) => (c.agg === undefined && c.groupAgg === undefined ? [c.field] : []))
  return [...keyFields(view, { containers: false }), ...plain]
}

const views = await loadViews()
const MAIN = new URL('../../.build/js/src/main.js', import.meta.url).pathname
const dir = mkdtempSync(join(tmpdir(), 'ksys-actions-'))
afterAll(() => rmSync(dir, { recursive: true }))

/** A valid value of each field that actions name. */
const SOUND: Record<string, string> = {
  'proc.pid': '4242',
  'thread.tid': '4243',
  'proc.pid.ts': '1790000000000000000',
  'container.id': '0123456789ab',
  'container.image': 'registry:5000/app@sha256:00',
  'k8s.ns.name': 'default',
  'k8s.pod.name': 'web-1',
  'fd.lip': '127.0.0.1',
  'fd.rip': '::1',
  'fd.lport': '40000',
  'fd.rport': '443',
  'fd.sport': '443',
  'fd.name': '/var/log/syslog',
  'fd.directory': '/var/log',
  'fs.path.name': '/etc/passwd',
}
const row = (values: Record<string, string>, over: Partial<RowFacts> = {}): RowFacts => ({
  view: 'v',
  values,
  container: undefined,
  ended: false,
  file: false,
  ...over,
})
const of = (actions: readonly Action[], values: Record<string, string>, over?: Partial<RowFacts>) =>
  offers(actions, row(values, over))
const byId = (id: string) => ACTIONS.find((a) => a.id === id) as Action

describe('actions offered for a row', () => {
  test('every action has a unique id, and at least one view has rows with its fields', () => {
    expect(new Set(ACTIONS.map((a) => a.id)).size).toBe(ACTIONS.length)
    for (const a of ACTIONS) {
      const needs = [...fieldsOf(a), ...(a.only === undefined ? [] : [a.only.field])]
      expect
        .soft(
          views.filter((v) => needs.every((f) => fieldsShownBy(v).includes(f))).map((v) => v.id),
          a.id,
        )
        .not.toEqual([])
    }
  })

  test('in every view, the command of each offered action contains all its values, and no value reaches a shell', () => {
    for (const view of views) {
      const fields = fieldsShownBy(view)
      const values = Object.fromEntries([...fields, 'proc.pid.ts'].flatMap((f) => (SOUND[f] ? [[f, SOUND[f]]] : [])))
      for (const type of ['docker', 'podman', 'containerd'])
        for (const o of of(ACTIONS, { ...values, 'container.type': type })) {
          expect(o.refused, `${view.id} ${o.action.id}`).toBeUndefined()
          expect(Object.keys(o.values).sort()).toEqual(requiredFields(o.action).sort())
          expect(o.argv?.join(' ')).not.toMatch(/[{};|`$]/)
        }
    }
  })

  test('the actions of csysdig exist in its views', () => {
    const titles = (view: string, more: Record<string, string> = {}) => {
      const v = views.find((x) => x.id === view)!
      const values = Object.fromEntries(
        [...fieldsShownBy(v), 'proc.pid.ts'].flatMap((f) => (SOUND[f] ? [[f, SOUND[f]]] : [])),
      )
      return of(ACTIONS, { ...values, ...more }).map((o) => o.action.title)
    }
    expect(titles('procs')).toEqual(
      expect.arrayContaining([
        'kill',
        'kill -9',
        'gcore',
        'gdb',
        'stacks',
        'lsof',
        'ltrace',
        'renice +1',
        'renice -1',
        'strace',
      ]),
    )
    expect(titles('containers', { 'container.type': 'podman' })).toEqual(
      expect.arrayContaining('attach,shell,logs -f,image history,inspect,kill,logs,stop,pause,unpause,wait'.split(',')),
    )
    // a container is not a process
    expect(titles('containers')).not.toContain('kill -9')
    expect(titles('connections')).toEqual(
      expect.arrayContaining([
        'tcpdump connection',
        'tcpdump local IP',
        'tcpdump remote IP',
        'nslookup',
        'ping',
        'traceroute',
      ]),
    )
    expect(titles('sports')).toContain('tcpdump port')
    expect(titles('files')).toContain('less')
    expect(titles('file_opens')).toContain('less')
    expect(titles('directories')).toEqual(['ls -al'])
  })

  test.each([
    ['an option', '-delete', 'less fd.name', undefined],
    ['no absolute path', 'etc/passwd', 'less fd.name', undefined],
    ['a connection', '127.0.0.1:1->127.0.0.1:2', 'less fd.name', undefined],
    ['a newline', '/tmp/a\nb', 'less fd.name', 'not passed'],
    ['an escape sequence', '/tmp/\x1b[2J', 'less fd.name', 'not passed'],
    ['another direction', '/tmp/\u202egnp', 'less fd.name', 'not passed'],
    ['bytes that are no text', '/tmp/\udcff', 'less fd.name', 'not passed'],
    ['a longer path than there is', `/${'a'.repeat(5000)}`, 'less fd.name', 'not passed'],
    ['a name of a machine', 'example.org', 'ping', undefined],
    ['an address with a zone', 'fe80::1%eth0', 'ping', undefined],
    ['the first process', '1', 'kill', undefined],
    ['all processes', '-1', 'kill', undefined],
    ['no number', '42x', 'kill', undefined],
  ])('%s is not a valid value', (_, value, id, refused) => {
    const field = fieldsOf(byId(id))[0]!
    const [offer] = of([byId(id)], { ...SOUND, [field]: value })
    expect(offer?.argv).toBeUndefined()
    if (refused === undefined) expect(offer).toBeUndefined()
    else expect(offer?.refused).toContain(refused)
  })

  test('an action whose command does not exist on this machine, or at this time, is shown but not run', () => {
    const [kill, ping, less] = ['kill', 'ping', 'less fd.name'].map(byId) as [Action, Action, Action]
    const one = (a: Action, over: Partial<RowFacts>, values = SOUND) => of([a], values, over)[0]!
    expect(one(kill, { file: true })).toMatchObject({ argv: ['kill', '-TERM', '4242'], refused: /shows the past/ })
    expect(one(ping, { file: true }).refused).toBeUndefined()
    expect(one(kill, { ended: true }).refused).toContain('has exited')
    const { 'proc.pid.ts': _, ...undated } = SOUND
    expect(one(kill, {}, undated).refused).toContain('has no start time')
    // the path of a container's file names a different file here
    expect(one(less, { container: 'web' })).toMatchObject({ argv: undefined, refused: /container web/ })
    const spaces = one(less, {}, { 'fd.name': "/tmp/it's; rm -rf $HOME" })
    expect(spaces.argv).toEqual(['less', '--', "/tmp/it's; rm -rf $HOME"])
  })
})

/** A runner on a pipe, with the commands that it ran and the messages that it sent. */
function attacked(ends = true) {
  const ran: unknown[] = []
  const stopped: string[] = []
  const messages: string[] = []
  let finish: (o: Outcome) => void = () => {}
  // one end to write to, the other to read from
  const end = new Duplex({
    read() {},
    write(data, _, done) {
      messages.push(String(data))
      done()
    },
  })
  const over = serve(end, ACTIONS, (action, values) => {
    ran.push([action.id, values])
    const outcome = new Promise<Outcome>((resolve) => {
      finish = resolve
      if (ends) resolve({ ok: true, text: 'done' })
    })
    return {
      outcome,
      stop: () => {
        stopped.push(action.id)
        finish({ ok: false, text: 'stopped' })
      },
    }
  })
  return { ran, stopped, said: messages, over, send: (b: Buffer) => end.push(b), close: () => end.push(null) }
}

const raw = (text: string | Buffer, over: { size?: number; length?: number } = {}) => {
  const frame = Buffer.alloc(over.size ?? FRAME)
  const bytes = Buffer.from(text)
  frame.writeUInt32LE(over.length ?? bytes.length)
  bytes.copy(frame, 4)
  return frame
}
const request = (action: unknown, values: unknown, more = {}) => raw(JSON.stringify({ action, values, ...more }))
const KILL = { 'proc.pid': '4242', 'proc.pid.ts': '1790000000000000000' }
const good = encode({ action: 'kill', values: KILL })

describe('the runner accepts a name and checked values, and nothing else', () => {
  const junk = raw('{}')
  junk[FRAME - 1] = 1
  const ATTACKS: [string, Buffer][] = [
    ['an unknown name', request('rm', {})],
    ['a name of a property', request('constructor', {})],
    ['a name that is a list', request(['kill'], KILL)],
    ['no values', request('kill', {})],
    ['values of another action', request('kill', { 'fd.rip': '127.0.0.1' })],
    ['a field too many', request('kill', { ...KILL, argv: 'sh' })],
    ['a word beside the values', request('kill', KILL, { argv: ['sh'] })],
    ['a number of no text', request('kill', { ...KILL, 'proc.pid': 4242 })],
    ['a list as value', request('kill', { ...KILL, 'proc.pid': ['4242'] })],
    ['an inherited value', raw('{"action":"ping","values":{"__proto__":{"fd.rip":"127.0.0.1"}}}')],
    ['init', request('kill', { ...KILL, 'proc.pid': '1' })],
    ['everybody', request('kill', { ...KILL, 'proc.pid': '-1' })],
    ['two numbers', request('kill', { ...KILL, 'proc.pid': '4242 4243' })],
    ['an option as address', request('ping', { 'fd.rip': '-f' })],
    ['a command as address', request('ping', { 'fd.rip': '127.0.0.1;reboot' })],
    ['a relative path', request('less fd.name', { 'fd.name': '+!sh' })],
    ['a newline in a path', request('less fd.name', { 'fd.name': '/tmp/a\nb' })],
    ['a NUL in a path', request('less fd.name', { 'fd.name': '/tmp/a\0b' })],
    ['an option as container', request('docker-logs', { 'container.id': '--help' })],
    ['a substitution as container', request('docker-logs', { 'container.id': '$(reboot)' })],
    ['a path as image', request('docker-image-history', { 'container.image': '../../x y' })],
    ['no JSON', raw('kill 4242')],
    ['a list', raw('[]')],
    ['nothing', raw('null')],
    ['bytes that are no text', raw(Buffer.from([0xff, 0xfe, 0x22]))],
    ['a length beyond the frame', raw('{}', { length: FRAME })],
    ['a length of 4 GB', raw('{}', { length: 0xffffffff })],
    ['something behind the text', junk],
    ['two messages in one', Buffer.concat([good, good])],
    ['a message and a half', Buffer.concat([good, good.subarray(0, 9)])],
    ['an endless one', Buffer.alloc(FRAME * 20, 0x20)],
  ]
  test.each(ATTACKS)('%s: nothing runs, and the runner exits', async (_, bytes) => {
    const a = attacked()
    a.send(bytes)
    await a.over
    expect(a.ran).toEqual([])
    expect(a.said.join('')).toContain('refused')
    a.send(good)
    expect(a.ran).toEqual([])
  })

  test('a message in pieces is one message; half a message is ignored', async () => {
    const a = attacked()
    for (let at = 0; at < FRAME; at += 1000) a.send(good.subarray(at, at + 1000))
    a.send(good.subarray(0, 0))
    await new Promise(setImmediate)
    expect(a.ran).toEqual([['kill', KILL]])
    a.send(good.subarray(0, 500))
    a.close()
    await a.over
    expect(a.ran).toHaveLength(1)
  })

  test('a word sent while an action runs, or the end of the input, ends the action', async () => {
    for (const word of [Buffer.from('x'), good, undefined]) {
      const a = attacked(false)
      a.send(good)
      await new Promise(setImmediate)
      expect(a.ran).toHaveLength(1)
      if (word === undefined) a.close()
      else a.send(word)
      await a.over
      expect(a.stopped).toEqual(['kill'])
      expect(a.ran).toHaveLength(1)
    }
  })
})

test('as a process: a signal reaches the intended process and no other, and the runner ends with the process that started it', async () => {
  const victim = spawn('sleep', ['60'])
  const began = Date.now()
  const runner = new Runner([process.execPath, [MAIN, 'action-runner']], {})
  const child = (runner as unknown as { child: { pid: number; once(e: string, f: () => void): void } }).child
  const gone = new Promise<void>((resolve) => child.once('exit', resolve))
  const kill = (pid: number, ms: number) =>
    runner.run({ action: 'kill', values: { 'proc.pid': String(pid), 'proc.pid.ts': String(BigInt(ms) * 1_000_000n) } })
  try {
    // as if its number had been assigned to another process since
    expect(await kill(victim.pid!, began - 60_000)).toMatchObject({ ok: false, text: /has exited/ })
    expect(await kill(process.pid, began)).toMatchObject({ ok: false, text: /ksys itself/ })
    expect(victim.exitCode ?? victim.signalCode).toBeNull()
    const ended = new Promise((resolve) => victim.once('exit', (_, signal) => resolve(signal)))
    expect(await kill(victim.pid!, began)).toEqual({ ok: true, text: `SIGTERM was sent to ${victim.pid}` })
    expect(await ended).toBe('SIGTERM')
  } finally {
    victim.kill('SIGKILL')
    runner.close()
  }
  await gone
})

describe('user-defined actions', () => {
  const known = { field: (f: string) => f in SOUND || f === 'proc.name', views: ['procs'] }
  const parse = (...actions: unknown[]) => parseOwnActions(actions, known)

  test('are offered with their values, which never become options', () => {
    const [perf] = parse({
      name: 'perf',
      argv: ['perf', 'top', '--comm={proc.name}', '{proc.name}'],
      views: ['procs'],
      key: 'p',
    })
    expect(perf).toMatchObject({ id: 'own:perf', key: 'p', own: true })
    expect(of([perf!], { 'proc.name': 'a b' })).toEqual([])
    const offer = (name: string) => of([perf!], { 'proc.name': name }, { view: 'procs' })[0]!
    expect(offer('a b; $(x)').argv).toEqual(['perf', 'top', '--comm=a b; $(x)', 'a b; $(x)'])
    expect(offer('-rf')).toMatchObject({ argv: undefined, refused: /dash/ })
    expect(offer('a\tb')).toMatchObject({ argv: undefined, refused: /not passed/ })
  })

  test.each([
    ['a text for a list', { name: 'a', argv: 'ls' }, 'list of strings'],
    ['no program', { name: 'a', argv: [] }, 'start with a program'],
    ['a value for a program', { name: 'a', argv: ['{proc.name}'] }, 'start with a program'],
    ['a field that there is not', { name: 'a', argv: ['ls', '{proc.nam}'] }, 'proc.nam'],
    ['a view that there is not', { name: 'a', argv: ['ls'], views: ['x'] }, 'view x'],
    ['a word that there is not', { name: 'a', argv: ['ls'], shell: true }, 'shell'],
    ['a key of the menu', { name: 'a', argv: ['ls'], key: 'j' }, 'one character'],
    ['an escape sequence', { name: '\x1b[2J', argv: ['ls'] }, 'without control characters'],
  ])('%s is reported with the name of the action', (_, action, message) => {
    expect(() => parse(action)).toThrow(message)
  })

  test('are read only from a file that no other user can change', () => {
    const file = join(dir, 'actions.json')
    writeFileSync(file, '[{"name": "a", "argv": ["ls"]}]')
    expect(readOwnActions(known, file)).toHaveLength(1)
    chmodSync(file, 0o666)
    expect(() => readOwnActions(known, file)).toThrow(OwnActionsError)
    writeFileSync(file, '[')
    chmodSync(file, 0o600)
    expect(() => readOwnActions(known, file)).toThrow(/actions\.json is not used/)
    expect(readOwnActions(known, join(dir, 'none.json'))).toEqual([])
  })
})

test('programs are found in the folders of the system, and get nothing from a hostile environment', () => {
  const root = new Set([0])
  expect(findProgram('ls', root)).toMatch(/^\/(usr\/)?bin\/ls$/)
  expect(findProgram('../bin/ls', root)).toBeUndefined()
  expect(findProgram('no-such-program', root)).toBeUndefined()
  const file = join(dir, 'program')
  writeFileSync(file, '#!/bin/sh\n', { mode: 0o777 })
  chmodSync(file, 0o777)
  expect(() => findProgram(file, root)).toThrow(UntrustedError)
  const env = cleanEnvironment({ PATH: '/tmp', LD_PRELOAD: '/tmp/x.so', LESSOPEN: '|sh', TERM: 'xterm' })
  expect(env).toMatchObject({ TERM: 'xterm', LESSSECURE: '1' })
  expect(env.PATH).not.toContain('/tmp')
  expect(Object.keys(env)).not.toEqual(expect.arrayContaining(['LD_PRELOAD']))
  expect(env.LESSOPEN).toBeUndefined()
})
