// Files that root writes into another user's folder: never through the user's links, only over the user's files, and owned by the user.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  lchownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { AppendFile } from '../../src/source/append-file.js'
import { openToReplace } from '../../src/source/files.js'
import { makeFolders } from '../../src/source/output-folders.js'
import { OutputTree } from '../../src/source/output-tree.js'
import { PathError } from '../../src/source/walk.js'
import { ksys as anyKsys, main, privileged, root } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'

const BOB = 54321
const CAROL = 54322
/** Runs in a process of its own: one that has dropped its privileges writes as nobody else. */
const ksys = (args: string[]) => anyKsys(args, { own: true })
/** The same for a command that is refused before it drops them. */
const refusedKsys = (args: string[]) => anyKsys(args, { own: false })
const [web, shell] = ['web', 'shell'].map((name) => `${root}captures/${name}.ksys`) as [string, string]
const RULE = '- rule: any\n  desc: any\n  condition: evt.num > 0\n  output: x\n  priority: INFO\n'

describe.skipIf(!privileged())('in a folder of another user', () => {
  const dir = scratchDir('others-folders')
  chmodSync(dir, 0o755)
  const rules = join(dir, 'rules.yaml')
  writeFileSync(rules, RULE)

  /** A new folder of that user. */
  function home(uid = BOB, mode = 0o755): string {
    const path = mkdtempSync(join(dir, 'home-'))
    chownSync(path, uid, uid)
    chmodSync(path, mode)
    return path
  }

  /** A file of root in a folder of root, and a function that checks whether it was changed. */
  function victim() {
    const folder = mkdtempSync(join(dir, 'root-'))
    chmodSync(folder, 0o755)
    const file = join(folder, 'precious')
    writeFileSync(file, 'precious', { mode: 0o644 })
    const look = () => {
      const { uid, gid, mode, ino } = statSync(file)
      return { text: readFileSync(file, 'utf8'), uid, gid, mode, ino, names: readdirSync(folder) }
    }
    const before = look()
    return { folder, file, expectSame: () => expect(look()).toEqual(before) }
  }

  function link(target: string, path: string, uid = BOB): string {
    symlinkSync(target, path)
    lchownSync(path, uid, uid)
    return path
  }

  type Way = readonly [what: string, args: (path: string) => string[], name: string, refused: number]
  const read = ['-r', web, '-n', '5']
  const ending = (name: string): Way => [name, (path) => [...read, '-w', path], `x.${name}`, 6]
  /** Ways to have a file written: what it is, the command, the file's name, the exit code if it cannot be written. */
  const WAYS: readonly Way[] = [
    ...['ksys', 'scap', 'scap.gz', 'csv', 'csv.gz', 'pftrace', 'pcapng', 'parquet', 'arrows'].map(ending),
    ['--to', (path) => [...read, '--to', 'csv', '-w', path], 'x', 6],
    ['cut', (path) => ['cut', web, '-w', path, 'evt.num<5'], 'x.ksys', 6],
    ['redact', (path) => ['redact', web, '-w', path, '--no-env'], 'x.ksys', 6],
    ['merge', (path) => ['merge', web, shell, '-w', path], 'x.ksys', 6],
    ['a live capture', (path) => ['-M', '0.2', '-w', path], 'x.ksys', 6],
    ['a live capture as .scap', (path) => ['-M', '0.2', '-w', path], 'x.scap', 6],
    ['rules', (path) => ['rules', '-f', rules, '-r', web, '--output', `file=${path}`], 'alerts', 2],
  ]

  describe.each(WAYS)('%s', (_what, args, name, refused) => {
    test('no link of the user is followed, at the end of the path or before', () => {
      const folder = home()
      const { folder: theirs, file, expectSame } = victim()
      const last = link(file, join(folder, name))
      const before = link(theirs, join(folder, 'sub'))
      const deep = join(folder, 'deep')
      mkdirSync(deep)
      chownSync(deep, BOB, BOB)
      for (const [path, named] of [
        [last, last],
        [join(before, name), before],
        [join(deep, '..', 'sub', name), before],
      ] as const) {
        const { code, stderr } = refusedKsys(args(path))
        expect(stderr).toContain(`${named} is a symbolic link of user ${BOB}`)
        expect(code).toBe(refused)
        expectSame()
      }
    })

    test("a new file is the user's and private, and can be rewritten; one of root and a hard link are not changed", () => {
      const folder = home()
      const path = join(folder, name)
      for (let i = 0; i < 2; i++) {
        expect(ksys(args(path))).toMatchObject({ code: 0 })
        expect(statSync(path)).toMatchObject({ uid: BOB, mode: 0o100600 })
        expect(statSync(path).size).toBeGreaterThan(0)
        expect(readdirSync(folder)).toEqual([name])
      }
      const { file, expectSame } = victim()
      const other = home()
      const hard = join(other, name)
      linkSync(file, hard)
      const { code, stderr } = refusedKsys(args(hard))
      expect(stderr).toMatch(/another name too \(hard link\).* folder of user 54321/)
      expect(code).toBe(refused)
      expectSame()
      const kept = join(home(), name)
      writeFileSync(kept, 'of root')
      const onRoots = refusedKsys(args(kept))
      expect(onRoots.stderr).toMatch(/it is a file of user root \(0\) in a folder of user 54321.*remove it first/)
      expect(onRoots.code).toBe(refused)
      expect(readFileSync(kept, 'utf8')).toBe('of root')
    })
  })

  test('--owner, --group and --mode set the owner of a file, also the second time', () => {
    const path = join(home(), 'x.ksys')
    const args = [...read, '-w', path, '--owner', `${CAROL}`, '--group', '7', '--mode', '640']
    for (let i = 0; i < 2; i++) {
      expect(ksys(args)).toMatchObject({ code: 0, stderr: '' })
      expect(statSync(path)).toMatchObject({ uid: CAROL, gid: 7, mode: 0o100640 })
    }
  })

  test("rotated files are not written through the user's links", () => {
    const folder = home()
    const { folder: theirs, expectSame } = victim()
    const sub = link(theirs, join(folder, 'sub'))
    for (const path of [join(sub, 'x.ksys'), `${sub}/`]) {
      const { code, stderr } = refusedKsys(['-M', '0.2', '-G', '1', '-w', path])
      expect(stderr).toContain(`${sub} is a symbolic link of user ${BOB}`)
      expect(code).toBe(6)
      expectSame()
    }
  })

  test.each([
    ['of a file', ['-r', web]],
    ['live', ['-M', '0.2']],
  ])('--partition %s creates folders and files of the user, and follows no link', (_what, from) => {
    const folder = home()
    const args = (path: string) => [...from, '--to', 'parquet', '--partition', 'host,hour', '-w', path]
    for (let i = 0; i < 2; i++) expect(ksys(args(join(folder, 'new/parts')))).toMatchObject({ code: 0 })
    const made = readdirSync(join(folder, 'new'), { recursive: true }) as string[]
    expect(made.some((path) => path.endsWith('.parquet'))).toBe(true)
    for (const path of ['.', ...made]) expect(statSync(join(folder, 'new', path))).toMatchObject({ uid: BOB })
    const { folder: theirs, expectSame } = victim()
    const sub = link(theirs, join(folder, 'sub'))
    for (const path of [sub, join(sub, 'parts')]) {
      const { code, stderr } = refusedKsys(args(path))
      expect(stderr).toContain(`${sub} is a symbolic link of user ${BOB}`)
      expect(code).toBe(6)
      expectSame()
    }
  })

  test("a new chisel and its folder are the user's, and not created through a link", () => {
    const folder = home()
    expect(ksys(['chisel', 'new', `${folder}/a/b/mine.mjs`])).toMatchObject({ code: 0 })
    for (const path of ['a', 'a/b', 'a/b/mine.mjs']) expect(statSync(join(folder, path))).toMatchObject({ uid: BOB })
    expect(statSync(join(folder, 'a/b/mine.mjs')).mode & 0o777).toBe(0o644)
    const { folder: theirs, expectSame } = victim()
    const sub = link(theirs, join(folder, 'sub'))
    expect(refusedKsys(['chisel', 'new', `${sub}/c/mine.mjs`])).toMatchObject({
      code: 6,
      stderr: /symbolic link that user/,
    })
    expectSame()
  })

  test('the expected alerts of rules are not written through a link', () => {
    const folder = home()
    const { file, expectSame } = victim()
    writeFileSync(join(folder, 'a.ksys'), readFileSync(web))
    link(file, join(folder, 'a.ksys.alerts'))
    const { code, stderr } = refusedKsys(['rules', 'test', folder, '-f', rules, '--update'])
    expect(stderr).toContain(`symbolic link of user ${BOB}`)
    expect(code).toBe(6)
    expectSame()
  })

  test('the metrics file in a configuration of rules is not opened through a link', () => {
    const { file, expectSame } = victim()
    const name = link(file, join(home(), 'metrics'))
    const config = join(dir, 'config.yaml')
    writeFileSync(config, `metrics: {enabled: true, interval: 1h, output_file: ${name}}\n`)
    const { code, stderr } = refusedKsys(['rules', '-f', rules, '-c', config, '-r', web])
    expect(stderr).toContain(`${name} is a symbolic link of user ${BOB}`)
    expect(code).toBe(6)
    expectSame()
  })

  test('settings of the UI are not saved below a folder of another user', async () => {
    const { SettingsFile } = await import('../../src/tui/settings/file.js')
    const { NONE } = await import('../../src/tui/settings/settings.js')
    const folder = home()
    const { folder: theirs, expectSame } = victim()
    link(theirs, join(folder, '.config'))
    const file = SettingsFile.of({ XDG_CONFIG_HOME: join(folder, '.config') })
    expect(file.write(NONE)).toMatch(/settings are not saved: .*belongs to another user/)
    expectSame()
  })

  test("the user's pipes, and streams, are written as usual", () => {
    const folder = home()
    const fifo = join(folder, 'fifo')
    execFileSync('mkfifo', [fifo])
    chownSync(fifo, BOB, BOB)
    const line = `'${process.execPath}' '${main}'`
    const run = (script: string) => spawnSync('sh', ['-c', script], { encoding: 'utf8', timeout: 60_000 }).stdout
    expect(run(`${line} -r '${web}' -n 5 -w ${fifo} & ${line} -r ${fifo} -p %evt.num; wait`).split('\n')).toHaveLength(
      6,
    )
    for (const to of ['/dev/stdout', '/dev/fd/1', '/proc/self/fd/1']) {
      run(`${line} -r '${web}' -n 5 -w ${to} >${folder}/out.ksys`)
      expect(anyKsys(['-r', join(folder, 'out.ksys'), '-p', '%evt.num']).stdout.split('\n')).toHaveLength(6)
    }
  })

  test.each([
    ['everybody', 0o777],
    ['a group', 0o775],
  ])(
    'in a folder of root that %s may write to without the sticky bit, links and files of others are not used',
    (_who, mode) => {
      const folder = home(0, mode)
      const { file, expectSame } = victim()
      const name = link(file, join(folder, 'x.ksys'))
      const { code, stderr } = refusedKsys([...read, '-w', name])
      expect(stderr).toContain(`${name} is a symbolic link of user ${BOB}`)
      expect(code).toBe(6)
      linkSync(file, join(folder, 'hard.ksys'))
      expect(refusedKsys([...read, '-w', join(folder, 'hard.ksys')]).stderr).toMatch(/hard link/)
      const theirs = join(folder, 'theirs.ksys')
      writeFileSync(theirs, 'theirs')
      chownSync(theirs, BOB, BOB)
      expect(refusedKsys([...read, '-w', theirs]).stderr).toMatch(/a file of another user, 54321/)
      expectSame()
      // root's own link there is followed
      const mine = join(folder, 'mine.ksys')
      symlinkSync(join(dir, `own-${mode}.ksys`), mine)
      expect(ksys([...read, '-w', mine])).toMatchObject({ code: 0 })
      expect(statSync(join(dir, `own-${mode}.ksys`)).uid).toBe(0)
    },
  )

  test('a user who is not root is not misled by links of others either', () => {
    const folder = home(BOB, 0o777)
    const own = home(CAROL)
    const file = join(own, 'file')
    writeFileSync(file, 'precious')
    chownSync(file, CAROL, CAROL)
    const name = link(file, join(folder, 'x.ksys'))
    const ids = [`--reuid=${CAROL}`, `--regid=${CAROL}`, '--clear-groups']
    const asCarol = (path: string) =>
      spawnSync('setpriv', [...ids, process.execPath, main, ...read, '-w', path], { encoding: 'utf8' })
    expect(asCarol(name)).toMatchObject({
      status: 6,
      stderr: expect.stringContaining(`${name} is a symbolic link of user ${BOB}`),
    })
    expect(readFileSync(file, 'utf8')).toBe('precious')
    // and writes to the user's own files as before
    const hers = link(join(own, 'new.ksys'), join(own, 'link.ksys'), CAROL)
    expect(asCarol(hers)).toMatchObject({ status: 0 })
    expect(existsSync(join(own, 'new.ksys'))).toBe(true)
  })

  describe('while the user renames other things all the time', () => {
    /** Continues as this user for as long as this process runs: NAME is each of these in turn, which are next to it. */
    const FLIP = `
const { renameSync } = require('node:fs')
const [name, ...others] = process.argv.slice(1)
const parent = process.ppid
console.log('begun')
for (let i = 0; process.ppid === parent; i++) {
  const other = others[i % others.length]
  try { renameSync(other, name); renameSync(name, other) } catch {}
}`
    // each takes what the test leaves of a processor
    const flippers: ReturnType<typeof spawn>[] = []
    afterEach(() => {
      for (const flipper of flippers.splice(0)) flipper.kill('SIGKILL')
    })
    async function flip(name: string, ...others: string[]): Promise<void> {
      const ids = [`--reuid=${BOB}`, `--regid=${BOB}`, '--clear-groups']
      const child = spawn('nice', ['setpriv', ...ids, process.execPath, '-e', FLIP, name, ...others], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      flippers.push(child)
      await new Promise((begun) => child.stdout?.once('data', begun))
    }

    test.each([
      ['opened to be replaced', async (path: string) => closeSync((await openToReplace(path, {})).fd)],
      ['opened to append', async (path: string) => (await AppendFile.open(path)).close()],
    ])('a file of root is never changed: %s', async (_what, open) => {
      const folder = home()
      const { folder: theirs, file, expectSame } = victim()
      const at = (name: string) => join(folder, name)
      link(file, at('link'))
      linkSync(file, at('hard'))
      writeFileSync(at('own'), 'own')
      chownSync(at('own'), BOB, BOB)
      mkdirSync(at('real'))
      chownSync(at('real'), BOB, BOB)
      link(theirs, at('away'))
      await flip(at('x'), at('own'), at('link'), at('own'), at('hard'))
      await flip(at('d'), at('real'), at('away'))
      for (let i = 0; i < 200; i++)
        for (const path of [at('x'), join(at('d'), 'precious')])
          await open(path).catch((e: unknown) => {
            if (!(e instanceof PathError) && (e as NodeJS.ErrnoException).code === undefined) throw e
          })
      expect(readFileSync(file, 'utf8')).toBe('precious')
      expect(statSync(file)).toMatchObject({ uid: 0, mode: 0o100644 })
      expect(readdirSync(theirs)).toEqual(['precious'])
      // its other name may be the current one
      expect(statSync(file).nlink).toBe(2)
      expectSame()
    })

    test('nothing is created in a folder of root, nor is a file of root opened in a tree of the user', async () => {
      const folder = home()
      const { folder: theirs, expectSame } = victim()
      const at = (name: string) => join(folder, name)
      mkdirSync(at('real'))
      chownSync(at('real'), BOB, BOB)
      link(theirs, at('away'))
      await flip(at('d'), at('real'), at('away'))
      const tree = await OutputTree.open(folder)
      for (let i = 0; i < 200; i++) {
        await makeFolders(join(at('d'), `new${i}`), 0o700).catch(() => undefined)
        const { fd } = await tree.openToReplace('d/precious', {}).catch(() => ({ fd: undefined }))
        if (fd !== undefined) closeSync(fd)
      }
      await tree.close()
      expectSame()
    })
  })
})
