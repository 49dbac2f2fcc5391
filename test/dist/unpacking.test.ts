// The single executable without an ordinary home for its files, and with files of others in place.
import { spawn } from 'node:child_process'
import { appendFileSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { privileged, root } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'
import { BUILT, EXECUTABLE, ksysFile, run } from './built.js'

const dir = BUILT ? scratchDir('unpacking') : ''
const trace = `${root}captures/shell.ksys`
/** What needs the files, and its result. */
const LIST = ['-cl']
const LISTED = { code: 0, stdout: expect.stringMatching(/^topprocs_cpu /m), stderr: '' }
/** The candidates for root, and those for all users. */
const PLACES = ['/var/cache', '/run', '/tmp', '/dev/shm', '/var/tmp']
const over = (places: readonly string[], options: string) =>
  places.map((p) => `mount -t tmpfs -o ${options} tmpfs ${p}`).join('\n')
const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']

function cache(name: string): string {
  const folder = join(dir, name)
  mkdirSync(folder, { mode: 0o700 })
  return folder
}

describe.skipIf(!BUILT || !privileged())('the single executable unpacks', () => {
  test('and repairs a file that was changed', () => {
    const home = cache('changed')
    const env = { XDG_CACHE_HOME: home }
    expect(ksysFile(LIST, { env })).toEqual(LISTED)
    const [folder] = readdirSync(join(home, 'ksys'))
    appendFileSync(join(home, 'ksys', folder as string, '.build/js/src/main.js'), 'throw new Error("changed")\n')
    expect(ksysFile(LIST, { env })).toEqual(LISTED)
    expect(readdirSync(join(home, 'ksys'))).toEqual([folder])
  })

  test('once when several start at the same time for the first time', async () => {
    const home = cache('at-once')
    const ran = Array.from({ length: 6 }, () => {
      const child = spawn(EXECUTABLE, ['-r', trace, '-n', '1'], { env: { XDG_CACHE_HOME: home }, stdio: 'pipe' })
      return new Promise((done) => child.once('exit', done))
    })
    expect(await Promise.all(ran)).toEqual(ran.map(() => 0))
    expect(readdirSync(join(home, 'ksys'))).toHaveLength(1)
  })

  test('as root in no folder that HOME names', () => {
    const home = cache('users-home')
    const mounts = over(['/var/cache'], 'mode=755')
    expect(ksysFile(LIST, { env: { HOME: home, XDG_RUNTIME_DIR: home }, mounts })).toEqual(LISTED)
    expect(readdirSync(home)).toEqual([])
  })

  test('without HOME, as a user whose home does not exist', () => {
    const ran = run('setpriv', [...NOBODY.slice(1), EXECUTABLE, '-r', trace, '-n', '1'], {
      mounts: `${over(['/tmp'], 'mode=1777')}\n`,
    })
    expect(ran).toMatchObject({ code: 0, stderr: '' })
  })

  test('next to a name that another user has taken', () => {
    const taken = ['/tmp', '/dev/shm', '/var/tmp'].map((t) => `mkdir ${t}/ksys-program-65534`).join('\n')
    const mounts = `${over(['/tmp', '/dev/shm', '/var/tmp'], 'mode=1777')}\n${taken}`
    const list = `"$0" -i topprocs_cpu | head -n 1; ls -d /tmp/ksys-*`
    const ran = run('setpriv', [...NOBODY.slice(1), 'sh', '-c', list, EXECUTABLE], { mounts })
    expect(ran.stdout).toMatch(/^Category: CPU Usage\n\/tmp\/ksys-program-65534\n$/)
    expect(ran.stderr).toBe('')
  })

  test('elsewhere if a folder is mounted noexec, or full', () => {
    for (const options of ['noexec,mode=755', 'size=1m,mode=755', 'ro,mode=755']) {
      const ran = ksysFile(['-r', trace, '-n', '1'], {
        mounts: `${over(['/var/cache'], options)}\n${over(['/run'], 'mode=755')}`,
      })
      expect(ran, options).toMatchObject({ code: 0, stderr: '' })
    }
  })

  test('nowhere, with one sentence, if all folders are noexec or full', () => {
    const noexec = ksysFile(LIST, { mounts: over(PLACES, 'noexec,mode=1777') })
    expect(noexec).toMatchObject({ code: 1, stdout: '' })
    expect(noexec.stderr).toMatch(/^ksys: .*\/var\/cache\/ksys: programs cannot run from there \(mounted noexec\).*\n$/)
    const full = ksysFile(LIST, { mounts: over(PLACES, 'size=1m,mode=1777') })
    expect(full).toMatchObject({ code: 1, stdout: '' })
    expect(full.stderr).toMatch(/^ksys: .*\/var\/cache\/ksys: the disk is full.*\n$/)
    const readOnly = ksysFile(LIST, { mounts: over(PLACES, 'ro,mode=1777') })
    expect(readOnly).toMatchObject({ code: 1, stdout: '' })
    expect(readOnly.stderr).toMatch(/^ksys: (?!.*no such file).*\/var\/cache\/ksys: the file system is read-only.*\n$/)
  })

  test('nowhere without leaving folders', () => {
    const list = '"$0" -cl; ls -A /var/cache /tmp /dev/shm /var/tmp'
    const ran = run('sh', ['-c', list, EXECUTABLE], { mounts: over(PLACES, 'noexec,mode=1777') })
    expect(ran.stdout.split('\n').filter((line) => line !== '' && !line.endsWith(':'))).toEqual([])
  })

  test('nothing to print its version', () => {
    const version = { code: 0, stdout: expect.stringMatching(/^ksys \d\S*\n$/), stderr: '' }
    for (const word of ['--version', 'version'])
      expect(ksysFile([word], { mounts: over(PLACES, 'ro,mode=1777') })).toEqual(version)
  })

  test('nothing, with one sentence, if too few files may be open', () => {
    const home = cache('few-files')
    const few = run('sh', ['-c', 'ulimit -n 21; exec "$@"', 'sh', EXECUTABLE, ...LIST], {
      env: { XDG_CACHE_HOME: home },
    })
    expect(few).toMatchObject({ code: 1, stdout: '' })
    expect(few.stderr).toMatch(/^ksys: not as many files may be open as it needs: raise the limit .*\n$/)
    expect(readdirSync(home)).toEqual([])
  })
})
