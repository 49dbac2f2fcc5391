// `kubectl ksys` with a substitute for kubectl (no API server is available here): what is printed, whether the pod is removed, and the
// error messages.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { parseRequest } from '../../../src/cli/kubectl/options.js'
import { ksys, root } from '../../helpers/ksys.js'
import { Cluster } from './cluster.js'

const WEB = join(root, 'captures/web.ksys')
const web = readFileSync(WEB)
const cluster = new Cluster()
afterAll(() => cluster.remove())
beforeEach(() => cluster.reset(web))

const LINES = ['-p', '%proc.name %evt.type', 'evt.type=accept4']

describe('a capture on a node', () => {
  test('prints the same as a file, and leaves no pod', async () => {
    const local = ksys(['-r', WEB, ...LINES])
    expect(await cluster.run(['node-1', ...LINES])).toEqual({ ...local, stderr: '' })
    expect(cluster.executed).toEqual(['ksys', '--until-eof', '--write=-', 'evt.type=accept4'])
    expect(cluster.calls.at(-1)).toEqual(expect.arrayContaining(['delete', 'pod']))
    expect(cluster.pod).toBeUndefined()
  })

  test('writes a local file', async () => {
    const out = join(cluster.dir, 'out.ksys')
    expect(await cluster.run(['node-1', '-w', out, '-M', '5'])).toMatchObject({ code: 0, stdout: '' })
    expect(ksys(['-r', out, ...LINES]).stdout).toBe(ksys(['-r', WEB, ...LINES]).stdout)
    expect(cluster.executed).toEqual(['ksys', '--until-eof', '--write=-', '--seconds=5'])
  })

  test('runs a local chisel, whose table is shown each second, as live', async () => {
    const tables = (await cluster.run(['node-1', '-c', 'topfiles_bytes'])).stdout
    expect(tables.match(/Filename/g)?.length).toBeGreaterThan(1)
  })

  test.each([[['-c', 'topfiles_bytes']], [[]]])(
    'prints a warning about the filter once, although both ksys check it: %s',
    async (chisel) => {
      const warned = ksys(['-r', WEB, 'proc.name=a-name-beyond-15-bytes']).stderr
      expect(warned).toMatch(/^ksys: .*at most 15 bytes.*\n$/)
      cluster.put('messages', `${warned}ksys: another message\n`)
      const { stderr } = await cluster.run(['node-1', ...chisel, 'proc.name=a-name-beyond-15-bytes'])
      expect(stderr.split('\n').sort()).toEqual(['', 'ksys: another message', warned.trim()])
    },
  )

  test('counts locally', async () => {
    expect((await cluster.run(['node-1', '-q', '-S'])).stdout).toBe(ksys(['-r', WEB, '-q', '-S']).stdout)
  })

  test('creates the pod on this node, with the requested options, in a namespace of its own', async () => {
    cluster.put('endless')
    const words = [
      '--image=registry.test/ksys:1',
      '--time-to-live',
      '60',
      '--ksys-namespace',
      'tools',
      '--context',
      'far',
    ]
    const running = cluster.run(['node-1', ...words, ...LINES], ['SIGINT'])
    while (cluster.executed.length === 0) await new Promise((done) => setTimeout(done, 50))
    const made = cluster.pod ?? ''
    await running
    for (const line of [
      /^ {2}name: ksys-[0-9a-f]{8}$/m,
      /^ {2}namespace: tools$/m,
      /^ {2}nodeName: "node-1"$/m,
      /^ {2}activeDeadlineSeconds: 60$/m,
      /^ {6}image: "registry\.test\/ksys:1"$/m,
    ])
      expect(made).toMatch(line)
    expect(cluster.calls.every(([first]) => first === '--context=far')).toBe(true)
    expect(cluster.calls.find((c) => c.includes('exec'))).toEqual(expect.arrayContaining(['-n', 'tools']))
  })

  test('of a pod finds its node, and data of other namespaces does not leave the node', async () => {
    await cluster.run(['pod/web-0', '-n', 'shop', '-n', '20', 'evt.type=open or evt.type=close'])
    expect(cluster.calls[0]).toEqual(['get', 'pod', 'web-0', '-n', 'shop', '-o', 'json'])
    expect(cluster.executed).toEqual([
      ...['ksys', '--until-eof', '--write=-', '--numevents=20', '--only-namespace=ksys'],
      'k8s.pod.name = "web-0" and (evt.type=open or evt.type=close)',
    ])
  })

  test('ends when its reader closes the pipe', async () => {
    cluster.put('endless')
    const ran = await cluster.run(['node-1', '-w', '/dev/full'])
    expect(ran.code).toBe(6)
    expect(cluster.pod).toBeUndefined()
  })
})

describe('the end of a capture', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'after %s, captured events are still printed, and the pod is removed',
    async (signal) => {
      const cut = web.length >> 1
      cluster.reset(web.subarray(0, cut))
      cluster.put('rest', web.subarray(cut))
      cluster.put('endless')
      const whole = ksys(['-r', WEB, '-p', '%evt.num']).stdout
      expect(await cluster.run(['node-1', '-p', '%evt.num'], [signal])).toEqual({ code: 0, stdout: whole, stderr: '' })
      expect(cluster.pod).toBeUndefined()
    },
  )

  test('after a second Ctrl-C does not wait, and the pod is removed, too', async () => {
    cluster.put('endless')
    cluster.put('deaf')
    const from = Date.now()
    await cluster.run(['node-1', '-p', '%evt.num'], ['SIGINT', 'SIGINT', 'SIGINT'])
    expect(Date.now() - from).toBeLessThan(30_000)
    expect(cluster.pod).toBeUndefined()
  })

  test('after a broken connection is reported, events received before are printed, and the pod is removed', async () => {
    cluster.reset(web.subarray(0, Math.floor(web.length * 0.75)))
    cluster.put('breaks')
    const { code, stdout, stderr } = await cluster.run(['node-1', '-p', '%evt.num'])
    expect(code).toBe(5)
    const whole = new Set(ksys(['-r', WEB, '-p', '%evt.num']).stdout.split('\n'))
    expect(stdout).not.toBe('')
    expect(stdout.split('\n').filter((line) => !whole.has(line))).toEqual([])
    expect(stderr).toContain('ksys: the connection to node-1 broke')
    expect(cluster.pod).toBeUndefined()
  })

  test('names a pod that cannot be removed, with the time of its end', async () => {
    cluster.answer([['delete pod', 1, '', 'error: Unauthorized\n']])
    const { stderr } = await cluster.run(['node-1', ...LINES])
    expect(stderr).toMatch(
      /^ksys: the pod ksys-\w+ in the namespace ksys was not removed \(Unauthorized\): .*3600 s\n$/,
    )
  })
})

describe('an error', () => {
  const refused = async (words: string[], code = 3) => {
    const ran = await cluster.run(words)
    expect(ran).toMatchObject({ code, stdout: '' })
    expect(cluster.pod).toBeUndefined()
    return ran.stderr
  }
  const status = (s: object) => JSON.stringify({ spec: { nodeName: 'node-1' }, status: s })

  test('names the node, the pod, or the missing permission', async () => {
    cluster.answer([['get node', 1, '', 'Error from server (NotFound): nodes "nope" not found\n']])
    expect(await refused(['nope'])).toBe(
      'ksys: node nope cannot be looked up: Error from server (NotFound): nodes "nope" not found\n',
    )
    cluster.answer([['get pod', 1, '', 'Error from server (NotFound): pods "web" not found\n']])
    expect(await refused(['pod/web', '-n', 'shop'])).toContain(
      'pod web cannot be looked up: Error from server (NotFound)',
    )
    cluster.answer([['get pod', 0, JSON.stringify({ status: { phase: 'Pending' } }), '']])
    expect(await refused(['pod/web'])).toContain('pod web is not on a node yet')
    cluster.answer([['get pod', 0, status({ phase: 'Succeeded' }), '']])
    expect(await refused(['pod/web'])).toContain('pod web has ended (Succeeded)')
    cluster.answer([['create', 1, '', 'Error from server (Forbidden): pods is forbidden\n']])
    expect(await refused(['node-1'])).toContain(
      'cannot create the pod of ksys on node-1: Error from server (Forbidden)',
    )
  })

  test('does not occur for a user who may not read nodes, but captures on them', async () => {
    cluster.answer([['get node', 1, '', 'Error from server (Forbidden): nodes "node-1" is forbidden\n']])
    expect((await cluster.run(['node-1', ...LINES])).code).toBe(0)
  })

  test('names a pod that does not run, with the reason', async () => {
    const waiting = { reason: 'InvalidImageName', message: 'no such form of image "x y"' }
    cluster.answer([['get pod', 0, status({ phase: 'Pending', containerStatuses: [{ state: { waiting } }] }), '']])
    expect(await refused(['node-1'])).toBe(
      `ksys: the pod of ksys does not run on node-1: InvalidImageName: ${waiting.message}\n`,
    )
    cluster.answer([['get pod', 0, status({ phase: 'Failed', reason: 'OutOfmemory', message: 'no room' }), '']])
    expect(await refused(['node-1'])).toContain('does not run on node-1: OutOfmemory: no room')
  })

  test('of the ksys on the node has its message and its exit code', async () => {
    cluster.answer([
      ['exec', 3, '', "ksys: live capture needs the host's pid namespace\ncommand terminated with exit code 3\n"],
    ])
    expect(await refused(['node-1'])).toBe("ksys: live capture needs the host's pid namespace\n")
  })

  test('names kubectl if it is missing', async () => {
    const ran = await cluster.run(['node-1'], [], { PATH: '/nowhere' })
    expect(ran).toMatchObject({ code: 3, stderr: 'ksys: kubectl cannot be run: it was not found in PATH\n' })
  })

  const WORDS: readonly (readonly [string[], string])[] = [
    [['node-1', 'evt.typ=open'], 'evt.typ'],
    [['node-1', '-r', 'x'], '--read does not apply to a capture on a node'],
    [['node-1', '-l'], '--list does not apply to a capture on a node'],
    [['node-1', '--rules', 'x', 'rule.name exists'], '--rules does not apply to a capture on a node'],
    [['node-1', 'record'], 'run ksys record on this machine'],
    [['node-1', '--', 'ls'], 'omit it'],
    [['deploy/x'], "'deploy/x' is neither a node nor pod/NAME"],
    [['node-1', '-n'], 'argument missing'],
    [['pod/x', '-n', 'A B'], 'is not a valid namespace name'],
    [['node-1', '--image', 'a b'], 'is not a valid image name'],
    [['node-1', '--inflight', '-w', 'x'], '--inflight runs on the node only'],
    [['node-1', 'ui', '-r', 'x'], '--read names a file on this machine'],
    [['-v', 'procs', 'node-1', 'ui', '-r', 'x'], '--read names a file on this machine'],
  ]
  test.each(WORDS)('in %j is reported before the cluster is queried', async (words, sentence) => {
    expect(await refused(words, 2)).toContain(sentence)
    expect(cluster.calls).toEqual([])
  })
})

test.each([[['node-1', 'ui', '-v', 'files']], [['-v', 'files', 'node-1', 'ui']], [['node-1', '-v', 'files', 'ui']]])(
  '%j opens the view of the UI on this node, wherever its options are',
  (words) => {
    expect(parseRequest(words, {})).toMatchObject({
      target: { kind: 'node', name: 'node-1' },
      words: ['ui', '-v', 'files'],
    })
  },
)

test('options of a capture are parsed as those of ksys, also next to a name that equals the command of the UI', () => {
  expect(parseRequest(['-v', 'node-1', '-U', 'ui'], {})).toMatchObject({
    target: { kind: 'node', name: 'node-1' },
    words: ['-v', '-U', 'ui'],
  })
})

test('--inflight runs completely on the node', async () => {
  cluster.put('trace', 'a table\n')
  expect(await cluster.run(['pod/web', '-j', '--inflight', 'evt.latency > 1s'])).toMatchObject({ stdout: 'a table\n' })
  expect(cluster.executed).toEqual([
    ...['ksys', '--json', '--inflight', '--only-namespace=ksys', 'k8s.pod.name = "web" and (evt.latency > 1s)'],
  ])
})

test('the plugin has its own help, and ksys has its own', async () => {
  for (const words of [[], ['--help'], ['node-1', '-h'], ['help']])
    expect((await cluster.run(words)).stdout).toMatch(/^ {2}kubectl ksys NODE/)
  expect(ksys(['--help']).stdout).toMatch(/^ksys captures/)
})

test('the manifests name the image of this version', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  for (const file of ['pod.yaml', 'daemonset.yaml'])
    expect(readFileSync(join(root, 'src/container/deploy', file), 'utf8')).toContain(`image: ksys:${version}\n`)
})
