// Files of runtimes, in folders of the system and of users: which are trusted, and which are never read.
import { execFileSync } from 'node:child_process'
import { chownSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { Names } from '../../../src/container/names.js'
import { clueOf, type Watcher } from '../../../src/container/watchers.js'

const ID = 'c0ffee'.padEnd(64, '0')
const SHORT = ID.slice(0, 12)
const USER = 23456
const root = process.getuid?.() === 0

let dir: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ksys-files-'))
  return () => rmSync(dir, { recursive: true })
})

/** Storage of containers in `at`, with one of the given name. */
function storage(at: string, name: string, driver = 'overlay', file = 'containers.json'): string {
  const path = join(dir, at)
  const containers = join(path, `${driver}-containers`)
  mkdirSync(containers, { recursive: true })
  const metadata = JSON.stringify({ 'image-name': 'ksys.test/web:1.0', name })
  writeFileSync(join(containers, file), JSON.stringify([{ id: ID, names: [name], image: 'a'.repeat(64), metadata }]))
  return path
}

const owned = (path: string, uid = USER) => execFileSync('chown', ['-R', '--no-dereference', `${uid}:${uid}`, path])
const list = (path: string) => join(path, 'overlay-containers/containers.json')

const conmon = (path: string, uid = 0, driver = 'overlay'): Watcher => ({
  exe: '/usr/bin/conmon',
  args: ['--api-version', '1', '-c', ID, '-b', join(path, `${driver}-containers`, ID, 'userdata'), '-n', 'other'],
  cwd: '/',
  uid,
})

/** The same as podman starts it: the last options are the command to run when the container ends. */
const ofPodman = (w: Watcher, name = 'web'): Watcher => ({
  ...w,
  args: [...w.args.slice(0, -1), name, '--exit-command', '/usr/bin/podman', '--exit-command-arg', 'cleanup'],
})

/** What is known of the container after these processes have named its files, and the messages. */
async function named(...watchers: Watcher[]) {
  const messages: string[] = []
  const folders = { docker: [], storage: [], containerd: [] }
  const places = { docker: [], users: [], given: [], containerd: [], cri: [], folders, host: '', proc: '/proc' }
  const names = new Names(places, (sentence) => messages.push(sentence))
  for (const w of watchers) names.folders.watched(w)
  await names.want(ID)
  names.close()
  return { name: names.known.get(SHORT)?.name, image: names.known.get(SHORT)?.image, said: messages }
}

describe("a conmon's command line", () => {
  const none = () => join(dir, 'none')

  test('of podman names the container if no file does', async () => {
    expect((await named(ofPodman(conmon(none())))).name).toBe('web')
  })

  test('that is seen to start names the container before any query, which may give another name later', async () => {
    const folders = { docker: [], storage: [], containerd: [] }
    const places = { docker: [], users: [], given: [], containerd: [], cri: [], folders, host: '', proc: '/proc' }
    const begins = (began: boolean) => {
      const names = new Names(places, () => {}, { nameSuffices: true })
      names.folders.watched(ofPodman(conmon(storage('a', 'files')), 'begun'), began)
      return { names, wanted: names.want(ID) }
    }
    const now = begins(true)
    expect(now.names.known.get(SHORT)?.name).toBe('begun')
    expect(await now.wanted).toBe(true)
    // one that was already running may be older than the container's name
    const before = begins(false)
    expect(before.names.has(ID)).toBe(false)
    expect(await before.wanted).toBe(true)
    expect(before.names.known.get(SHORT)?.name).toBe('files')
    for (const { names } of [now, before]) names.close()
  })

  test('is not used if files contain the name', async () => {
    expect(await named(ofPodman(conmon(storage('a', 'files')), 'older'))).toMatchObject({
      name: 'files',
      image: 'ksys.test/web:1.0',
    })
  })

  test("of other runtimes than podman, or with an invalid id or name, is ignored: CRI-O's has another name than the container", async () => {
    expect((await named(conmon(none()))).name).toBeUndefined()
    expect((await named(ofPodman(conmon(none()), '../web'))).name).toBeUndefined()
    const { args, ...rest } = ofPodman(conmon(none()))
    expect((await named({ ...rest, args: args.map((a) => (a === ID ? 'c0ffee' : a)) })).name).toBeUndefined()
  })

  test.skipIf(!root)("of a user counts when neither root's nor a file names the container", async () => {
    expect((await named(ofPodman(conmon(none(), USER), 'theirs'))).name).toBe('theirs')
    expect((await named(ofPodman(conmon(none())), ofPodman(conmon(none(), USER), 'theirs'))).name).toBe('web')
    expect((await named(conmon(storage('b', 'files')), ofPodman(conmon(none(), USER), 'theirs'))).name).toBe('files')
  })
})

describe('a name is read', () => {
  test.each([
    ['overlay', 'containers.json'],
    ['overlay', 'volatile-containers.json'],
    ['vfs', 'containers.json'],
    ['btrfs', 'volatile-containers.json'],
  ])('in storage of %s, %s', async (driver, file) => {
    const path = storage('elsewhere', 'web', driver, file)
    expect(await named(conmon(path, 0, driver))).toEqual({ name: 'web', image: 'ksys.test/web:1.0', said: [] })
  })

  test.runIf(root)("in a user's own storage, also behind a link that the user created", async () => {
    const path = storage('theirs', 'mine')
    symlinkSync(path, join(dir, 'link'))
    owned(dir)
    expect((await named(conmon(path, USER))).name).toBe('mine')
    expect((await named(conmon(join(dir, 'link'), USER))).name).toBe('mine')
  })

  test.runIf(root)("from the system's files, whatever a user's files contain", async () => {
    const theirs = storage('theirs', 'liar')
    owned(theirs)
    expect((await named(conmon(theirs, USER), conmon(storage('system', 'web')))).name).toBe('web')
  })
})

test("a task of containerd is recognised by root's shim if no other source responds", async () => {
  const shim = (namespace: string, uid: number): Watcher => ({
    exe: '/usr/bin/containerd-shim-runc-v2',
    args: ['-namespace', namespace, '-id', 'web', '-address', '/nowhere', 'start'],
    cwd: join(dir, 'io.containerd.runtime.v2.task', namespace, 'web'),
    uid,
  })
  const folders = { docker: [], storage: [], containerd: [] }
  const places = { docker: [], users: [], given: [], containerd: [], cri: [], folders, host: '', proc: '/proc' }
  const names = new Names(places, () => undefined)
  names.folders.watched(shim('default', 0))
  names.folders.watched(shim('theirs', USER))
  await Promise.all(['/default/web', '/theirs/web', '/default/other'].map((path) => names.wantPath(path)))
  names.close()
  expect([...names.known.values()].map(({ name, type, cgroup }) => [name, type, cgroup])).toEqual([
    ['web', 'containerd', '/default/web'],
  ])
})

describe.runIf(root)("a user's files are not read", () => {
  const refused = async (path: string) => {
    const { name, said } = await named(conmon(path, USER))
    expect(name).toBeUndefined()
    return said.join('\n')
  }

  test('if the folder or the list belongs to another user', async () => {
    const path = storage('theirs', 'x')
    expect(await refused(path)).toMatch(
      /container names cannot be read from .*: its folder does not belong to user 23456/,
    )
    chownSync(path, USER, USER)
    expect(await refused(path)).toMatch(/is not a file of user 23456/)
  })

  test('through links, of the list or on the way to it', async () => {
    const real = storage('real', 'x')
    const path = join(dir, 'theirs')
    mkdirSync(path)
    symlinkSync(join(real, 'overlay-containers'), join(path, 'overlay-containers'))
    owned(dir)
    expect(await refused(path)).toMatch(
      /container names cannot be read from .*containers.json: its path contains a link/,
    )
    rmSync(join(path, 'overlay-containers'))
    mkdirSync(join(path, 'overlay-containers'))
    symlinkSync(list(real), list(path))
    owned(path)
    expect(await refused(path)).toMatch(/it is a link/)
    rmSync(list(path))
    linkSync(list(real), list(path))
    chownSync(list(path), 0, 0)
    expect(await refused(path)).toMatch(/is not a file of user/)
  })

  test('if they are pipes, endless, too large or not JSON, without waiting', async () => {
    const path = storage('theirs', 'x')
    rmSync(list(path))
    execFileSync('mkfifo', [list(path)])
    owned(path)
    expect(await refused(path)).toMatch(/not a regular file/)
    rmSync(list(path))
    writeFileSync(list(path), '')
    truncateSync(list(path), 2 ** 40)
    owned(path)
    expect(await refused(path)).toMatch(/larger than 4 MB/)
    rmSync(list(path))
    writeFileSync(list(path), '[{"id": ')
    owned(path)
    expect(await refused(path)).toMatch(/container names cannot be read from .*containers.json: it is not valid JSON/)
    writeFileSync(list(path), JSON.stringify([7, null, { id: [ID] }, { id: ID, names: 'x', metadata: '[' }, {}]))
    expect(await refused(path)).toBe('')
  })
})

describe('a container in a command line', () => {
  const clue = (exe: string, args: string[], cwd = '/') => clueOf({ exe, args, cwd, uid: 0 })
  const task = '/run/x/io.containerd.runtime.v2.task/default/web'

  test.each([
    [clue('conmon', ['--bundle', `/s/vfs-containers/${ID}/userdata`]), { kind: 'storage', path: '/s' }],
    [
      clue('/usr/libexec/podman/conmon', [`--bundle=/s/overlay-containers/${ID}/userdata`]),
      { kind: 'storage', path: '/s' },
    ],
    [clue('/usr/sbin/dockerd', ['-H', 'fd://', '--data-root', '/d']), { kind: 'docker', path: '/d' }],
    [clue('dockerd', ['--data-root=/d']), { kind: 'docker', path: '/d' }],
    [
      clue('/usr/bin/containerd-shim-runc-v2', ['-namespace', 'default', '-id', 'web', '-address', '/a'], task),
      { kind: 'containerd', path: '/run/x', cgroup: '/default/web' },
    ],
  ])('%j', (found, wanted) => expect(found).toEqual(wanted))

  test.each([
    clue('conmon', ['-b', `/s/../etc/overlay-containers/${ID}/userdata`]),
    clue('conmon', ['-b', `s/overlay-containers/${ID}/userdata`]),
    clue('conmon', ['-b']),
    clue('dockerd', ['--data-root', 'd']),
    clue('dockerd', []),
    clue('sh', ['-b', `/s/overlay-containers/${ID}/userdata`]),
  ])('is not found', (found) => expect(found).toBeUndefined())
})
