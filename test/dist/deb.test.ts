// The built .deb: the report of lintian, and its lifecycle on Debian 12 and 13 with systemd. In a container without captures, and in a
// guest with its own kernel, where the recorder records.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ARCHES, HOST_ARCH } from '../../src/setup/dist/arch.js'
import { debPath } from '../../src/setup/dist/deb.js'
import { VERSION } from '../../src/setup/dist/places.js'
import { privileged } from '../helpers/ksys.js'
import { readRows, scratchDir } from '../helpers/live.js'
import { BUILT, built } from './built.js'
import { podmanStart } from './podman.js'
import { SystemdContainer } from './systemd-container.js'
import { stepsOn } from './systemd-guest.js'

const OLDER = `${VERSION}~older`
const RELEASES = ['bookworm', 'trixie'] as const
const DEB = debPath(HOST_ARCH)
const dir = BUILT ? scratchDir('deb') : ''
const podman = BUILT && privileged() ? podmanStart() : { lacking: 'nothing was built, or this user is not root' }
const leftOut = 'lacking' in podman ? ` is left out: ${podman.lacking}` : ''

/** The same package with this version's number, and not compressed: an emulated processor would take minutes. */
function withVersion(version: string): string {
  const [tree, to] = [join(dir, 'unpacked'), join(dir, `ksys_${version}_${HOST_ARCH}.deb`)]
  if (!existsSync(tree)) execFileSync('dpkg-deb', ['--raw-extract', DEB, tree])
  const control = join(tree, 'DEBIAN/control')
  writeFileSync(control, readFileSync(control, 'utf8').replace(/^Version: .*$/m, `Version: ${version}`))
  execFileSync('dpkg-deb', ['--root-owner-group', '-Znone', '--build', tree, to], { stdio: 'pipe' })
  return to
}

describe('the .deb', () => {
  test.each(ARCHES.filter(built))(
    'for %s has no errors and warnings of lintian',
    (arch) => {
      const r = spawnSync('lintian', ['--allow-root', '--fail-on', 'error,warning', debPath(arch)], {
        encoding: 'utf8',
      })
      expect(r.stdout).toBe('')
      expect(r.status).toBe(0)
    },
    600_000,
  )

  test.skipIf(!BUILT)('contains nothing that users other than root may change', () => {
    const listed = execFileSync('dpkg-deb', ['--contents', DEB], { encoding: 'utf8' }).trimEnd().split('\n')
    expect(listed.filter((l) => !/^([d-]rw[x-]r-[x-]r-[x-]|lrwxrwxrwx) root\/root /.test(l))).toEqual([])
  })
})

describe.skipIf(leftOut !== '').each(RELEASES)(`the .deb in a container of %s${leftOut}`, (release) => {
  let c: SystemdContainer
  beforeAll(async () => {
    const shared = join(dir, `shared-${release}`)
    mkdirSync(shared)
    execFileSync('cp', [DEB, withVersion(OLDER), shared])
    c = await SystemdContainer.start(release, shared, 'options' in podman ? podman.options : [])
  }, 600_000)
  afterAll(() => c?.remove())

  test('is installed with a disabled unit', () => {
    expect(c.run(`dpkg -i /mnt/ksys_${OLDER}_*.deb`).code).toBe(0)
    expect(c.run('ksys --version').stdout).toBe(`ksys ${VERSION}\n`)
    expect(c.run('kubectl-ksys --help').stdout).toMatch(/kubectl ksys/)
    expect(c.run('kubectl_complete-ksys node-1 proc.nam').stdout).toBe('proc.name\n:6\n')
    expect(c.run('systemctl is-enabled ksys-record').stdout).toBe('disabled\n')
    expect(c.run('systemctl is-active ksys-record').stdout).toBe('inactive\n')
    expect(c.run('dpkg --verify ksys').stdout).toBe('')
  })

  test('creates a user for captures, without a home and a login', () => {
    expect(c.run('getent passwd ksys').stdout).toMatch(
      /^ksys:x:[1-9]\d{0,2}:[1-9]\d{0,2}:ksys captures:\/nonexistent:\/usr\/sbin\/nologin\n$/,
    )
    expect(c.run('ls /nonexistent').code).not.toBe(0)
    expect(c.run('getent shadow ksys').stdout).toMatch(/^ksys:!/)
  })

  test('contains a manual page, and completions where each shell looks for them', () => {
    expect(c.run('zcat /usr/share/man/man1/ksys.1.gz | head -n 1').stdout).toMatch(/^\.TH KSYS 1/)
    expect(c.run('head -n 1 /usr/share/zsh/vendor-completions/_ksys').stdout).toBe('#compdef ksys\n')
    const bash = 'bash -c ". /usr/share/bash-completion/completions/ksys; complete -p ksys"'
    expect(c.run(bash).stdout).toMatch(/^complete .* ksys$/m)
    expect(c.run('ls /usr/share/fish/vendor_completions.d').stdout).toBe('ksys.fish\n')
  })

  test('reads captures as any user', () => {
    const read = `ksys -r /usr/lib/ksys/captures/shell.ksys -n 3`
    expect(c.run(`setpriv --reuid 65534 --regid 65534 --clear-groups ${read}`).stdout.split('\n').length).toBe(4)
  })

  test('has a recorder that reports in a sentence why it cannot record here, and is not restarted', () => {
    expect(c.run('systemctl enable --now ksys-record').code).not.toBe(0)
    expect(c.run('journalctl -o cat -u ksys-record').stdout).toMatch(/live capture needs the host's pid namespace/)
    const shown = c.run('sleep 6; systemctl show -p Result -p ExecMainStatus -p NRestarts ksys-record').stdout
    expect(shown.trim().split('\n').sort()).toEqual(['ExecMainStatus=3', 'NRestarts=0', 'Result=exit-code'])
  })

  test('is upgraded, retains changes in /etc/ksys, and starts nothing that was not running', () => {
    c.run('echo "--last 30s" >>/etc/ksys/record.conf')
    expect(c.run(`dpkg -i /mnt/ksys_${VERSION}_*.deb`).code).toBe(0)
    expect(c.run('dpkg-query -W ksys').stdout).toBe(`ksys\t${VERSION}\n`)
    expect(c.run('tail -n 1 /etc/ksys/record.conf').stdout).toBe('--last 30s\n')
    expect(c.run('systemctl is-enabled ksys-record').stdout).toBe('enabled\n')
    expect(c.run('systemctl show -P NRestarts ksys-record').stdout).toBe('0\n')
  })

  test('is removed except for files of the user, and enabled as before when it is installed again', () => {
    c.run('install -d -m 700 /var/lib/ksys; echo kept >/var/lib/ksys/x.ksys')
    expect(c.run('dpkg -r ksys').code).toBe(0)
    expect(c.run('ls -d /usr/lib/ksys /usr/bin/ksys').stdout).toBe('')
    expect(c.run('cat /var/lib/ksys/x.ksys; tail -n 1 /etc/ksys/record.conf').stdout).toBe('kept\n--last 30s\n')
    expect(c.run(`dpkg -i /mnt/ksys_${VERSION}_*.deb`).code).toBe(0)
    expect(c.run('systemctl is-enabled ksys-record').stdout).toBe('enabled\n')
  })

  test('leaves nothing when it is purged', () => {
    expect(c.run('dpkg -P ksys').code).toBe(0)
    const find =
      'find / -xdev ! -path "/var/lib/dpkg/*" ! -path "/var/log/*" -iname "*ksys*"; find /run /tmp -iname "*ksys*"'
    expect(c.run(find).stdout).toBe('')
    expect(
      c.run('systemctl list-unit-files --no-legend "ksys*"; systemctl list-units --all --no-legend "ksys*"').stdout,
    ).toBe('')
    expect(c.run('getent passwd ksys').stdout).toMatch(/^ksys:/)
    expect(c.run('ls /var/lib/dpkg/info | grep ksys; find /var/lib/systemd -iname "*ksys*"').stdout).toBe('')
  })
})

describe.skipIf(!BUILT || !privileged()).each(RELEASES)('the recorder of the .deb on %s', (release) => {
  let results = ''
  beforeAll(async () => {
    const versions = join(dir, 'versions')
    writeFileSync(versions, `OLDER=${OLDER}\nNEWER=${VERSION}\n`)
    results = await stepsOn(release, dir, [withVersion(OLDER), withVersion(VERSION), versions])
  }, 7_200_000)

  /** The output lines of a step. */
  const linesOf = (step: string) => readFileSync(join(results, step), 'utf8').trimEnd().split('\n')
  /** The file names in the nth trace that the steps open. */
  const opened = (n: number) => {
    const traces = readdirSync(results).filter((f) => f.endsWith('.ksys'))
    const file = join(results, traces.sort()[n] as string)
    return readRows(file, ['fs.path.name'], ['evt.type=openat and fs.path.name startswith /nonexistent/']).map((r) =>
      String(r['fs.path.name']),
    )
  }
  const none = ['ended with 0']

  test('starts when it is enabled, and not before', () => {
    expect(linesOf('install')[0]).toBe('disabled')
    expect(linesOf('start')).toContain('active')
    expect(linesOf('before')).toEqual(none)
    expect(linesOf('during').length).toBeGreaterThan(4)
  })

  test('reports its status, and writes for root files that only root may read', () => {
    expect(linesOf('status')[0]).toMatch(/Status: "[\d.]+ s in memory, \d+ of 256 MB; 1 file written"/)
    expect(linesOf('dump')).toEqual([expect.stringMatching(/^\/var\/lib\/ksys\/ksys-.*\.ksys$/), 'ended with 0'])
    expect(linesOf('modes').slice(0, 3)).toEqual(['700 root /var/lib/ksys', '700 root /run/ksys', '600 root'])
    expect(opened(0)).toContain('/nonexistent/asked')
  })

  test('continues as the user ksys, with five capabilities at most and a gigabyte', () => {
    // CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE, CAP_SYS_NICE, CAP_PERFMON, CAP_BPF at most
    const bits = BigInt(`0x${/^CapPrm:\s*(\w+)/m.exec(linesOf('confined').join('\n'))?.[1]}`)
    expect(bits & ~((1n << 2n) | (1n << 19n) | (1n << 23n) | (1n << 38n) | (1n << 39n))).toBe(0n)
    const [uid] = linesOf('user')
    expect(uid).toMatch(/^[1-9]\d{0,2}$/)
    expect(linesOf('confined')).toContain(`Uid:${`\t${uid}`.repeat(4)}`)
    expect(linesOf('confined')).toEqual(
      expect.arrayContaining(['NoNewPrivs:\t1', 'Seccomp:\t2', String(1 << 30), '500']),
    )
  })

  test('uses another trigger when it is reloaded, and retains its events', () => {
    expect(linesOf('reload')).toEqual(['active', '2', 'ended with 0'])
    expect(opened(1)).toEqual(expect.arrayContaining(['/nonexistent/asked', '/nonexistent/alarm']))
    expect(linesOf('wrong')).toEqual(['active', expect.stringContaining("unknown option '--lasst'"), 'ended with 0'])
  })

  test('is restarted when it is killed, and after an upgrade', () => {
    expect(linesOf('killed')).toEqual(['active', 'NRestarts=1', 'ended with 0'])
    expect(linesOf('upgrade')).toEqual(['active', 'started anew', '1', 'ended with 0'])
  })

  test('ends when it is stopped or its package removed, and leaves the kernel in its original state', () => {
    expect(linesOf('stop').sort()).toEqual(['ExecMainStatus=0', 'Result=success', ...none].sort())
    expect(linesOf('remove')).toEqual(['active', 'inactive', '0', '2', ...none])
  })
})
