// ksys rules, live: rules of the classes in Falco's files fire for real programs, and not for similar events.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { privileged } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'
import { RulesRun } from '../helpers/rules-run.js'

const MEMFD_CREATE = process.arch === 'arm64' ? 279 : 319

const rules = (dir: string) => `
- list: secret_files
  items: [/etc/shadow, /etc/gshadow]
- macro: of_this_test
  condition: proc.apid = ${process.pid}
- macro: read_open
  condition: (of_this_test and evt.type in (open, openat, openat2) and evt.is_open_read = true and fd.typechar = 'f' and fd.num >= 0)
- macro: write_open
  condition: (of_this_test and evt.type in (open, openat, openat2, creat) and evt.is_open_write = true and fd.typechar = 'f' and fd.num >= 0)
- macro: started
  condition: (of_this_test and evt.type in (execve, execveat) and evt.arg.res = 0)
- rule: Ready
  desc: the capture has begun
  condition: evt.type in (open, openat) and evt.arg.name = ${dir}/ready
  output: ready
  priority: DEBUG
- rule: Secret file read
  desc: passwords
  condition: read_open and fd.name in (secret_files) and not proc.name in (sshd, su, sudo)
  output: read (program=%proc.name file=%fd.name parent=%proc.pname)
  priority: WARNING
  tags: [filesystem, users]
- rule: Write below the folder
  desc: a folder as /etc is one
  condition: write_open and fd.name startswith ${dir}/etc/
  output: written (program=%proc.name file=%fd.name)
  priority: ERROR
- rule: Shell of perl
  desc: an interpreter begins a shell
  condition: started and proc.name in (sh, dash, bash) and proc.pname = perl
  output: shell (cmdline=%proc.cmdline parent=%proc.pname)
  priority: NOTICE
- rule: User changed
  desc: a program becomes nobody
  condition: of_this_test and evt.type in (setuid, setresuid, setreuid) and evt.arg.uid = nobody and proc.name = perl
  output: changed (program=%proc.name user=%user.name)
  priority: NOTICE
- rule: Link to a secret file
  desc: a link leads to passwords
  condition: of_this_test and evt.type in (symlink, symlinkat) and evt.arg.target in (secret_files)
  output: link (target=%evt.arg.target link=%evt.arg.linkpath)
  priority: WARNING
- rule: Set user id
  desc: a program gets the rights of its owner
  condition: of_this_test and evt.type in (chmod, fchmod, fchmodat, fchmodat2) and evt.arg.mode contains S_ISUID
  output: mode (file=%evt.arg.filename mode=%evt.arg.mode)
  priority: NOTICE
- rule: Packet socket
  desc: networks are looked at
  condition: of_this_test and evt.type = socket and evt.arg.domain contains AF_PACKET and proc.name = perl
  output: socket (program=%proc.name)
  priority: NOTICE
- rule: Program from memory
  desc: what runs lies in no file
  condition: started and proc.is_exe_from_memfd = true
  output: program (exe=%proc.exe parent=%proc.pname)
  priority: CRITICAL
- rule: Removed below the folder
  desc: files go
  condition: evt.type in (unlink, unlinkat, rename, renameat, renameat2) and (evt.arg.path startswith ${dir}/etc/ or evt.arg.name startswith ${dir}/etc/ or evt.arg.oldpath startswith ${dir}/etc/)
  output: removed (call=%evt.type)
  priority: WARNING
`

describe.skipIf(!privileged())('rules', () => {
  const dir = scratchDir('rules')
  for (const folder of ['etc', 'other']) mkdirSync(join(dir, folder))
  const file = join(dir, 'rules.yaml')
  writeFileSync(file, rules(dir))

  /** A running ksys with these options. */
  async function running(...args: string[]): Promise<RulesRun> {
    const r = new RulesRun('-f', file, ...args)
    for (let i = 0; i < 600 && r.told('Ready').length === 0 && r.child.exitCode === null; i++) {
      run('sh', '-c', `cat ${dir}/ready 2>/dev/null || true`)
      await sleep(100)
    }
    expect(r.told('Ready').length, r.messages()).toBeGreaterThan(0)
    return r
  }

  const run = (command: string, ...args: string[]) => execFileSync(command, args, { stdio: 'ignore' })
  const perl = (program: string) => run('perl', '-e', program)

  test('each fires for its own events, and not for similar ones', { timeout: 120_000 }, async () => {
    const r = await running('--output', 'stdout')
    run('cat', '/etc/passwd')
    run('cat', '/etc/shadow')
    run('sh', '-c', `echo 1 > ${dir}/other/file; echo 1 > ${dir}/etc/file`)
    run('cat', `${dir}/etc/file`)
    run('sh', '-c', 'sh -c "exit 0"; exit 0')
    perl('system("sh", "-c", "exit 0")')
    perl('use POSIX; POSIX::setuid(0); POSIX::setuid(65534)')
    run('ln', '-s', '/etc/passwd', `${dir}/other/plain`)
    run('ln', '-s', '/etc/shadow', `${dir}/other/secret`)
    run('chmod', '644', `${dir}/other/file`)
    run('chmod', '4755', `${dir}/other/file`)
    perl('use Socket; socket(my $a, AF_INET, SOCK_DGRAM, 0); socket(my $b, 17, SOCK_RAW, 0)')
    perl(
      `my $n = "x"; my $fd = syscall(${MEMFD_CREATE}, $n, 0); open(my $m, ">&=", $fd); binmode $m; open(my $t, "<", "/bin/true"); local $/; print {$m} scalar(<$t>); open(my $r, "<", "/proc/self/fd/$fd"); close $m; exec { "/proc/self/fd/" . fileno($r) } "hidden"`,
    )
    run('rm', `${dir}/etc/file`, `${dir}/other/plain`)
    await sleep(500)
    expect(await r.end()).toBe(0)
    expect(r.told('Secret file read')).toMatchObject([
      {
        priority: 'Warning',
        source: 'syscall',
        output_fields: { 'proc.name': 'cat', 'fd.name': '/etc/shadow' },
      },
    ])
    expect(r.told('Write below the folder')).toMatchObject([
      { output_fields: { 'proc.name': 'sh', 'fd.name': `${dir}/etc/file` } },
    ])
    expect(r.told('Shell of perl').length).toBe(1)
    expect(r.told('User changed').length).toBe(1)
    expect(r.told('Link to a secret file')).toMatchObject([
      { output_fields: { 'evt.arg.linkpath': `${dir}/other/secret` } },
    ])
    expect(r.told('Set user id').length).toBe(1)
    expect(r.told('Packet socket').length).toBe(1)
    expect(r.told('Program from memory').length).toBe(1)
    expect(r.told('Removed below the folder').length).toBe(1)
    expect(r.messages()).toMatch(/Events detected: \d+/)
    expect(r.messages()).toMatch(/ {3}Secret file read: 1/)
    expect(r.messages()).not.toMatch(/lost/)
  })

  test('SIGTERM ends it in order, with all alerts emitted; a file is reopened on SIGUSR1', {
    timeout: 120_000,
  }, async () => {
    const alerts = join(dir, 'alerts.json')
    const r = await running('--output', 'stdout', '--output', `file=${alerts}`, '-q')
    const files = (name: string) => readFileSync(name, 'utf8').match(/\/etc\/g?shadow"/g)
    run('cat', '/etc/shadow')
    while (files(alerts) === null) await sleep(50)
    run('mv', alerts, `${alerts}.1`)
    r.child.kill('SIGUSR1')
    while (!existsSync(alerts)) await sleep(50)
    run('cat', '/etc/gshadow')
    expect(await r.end('SIGTERM')).toBe(0)
    expect(r.told('Secret file read').length).toBe(2)
    expect(files(`${alerts}.1`)).toContain('/etc/shadow"')
    expect(files(alerts)).toContain('/etc/gshadow"')
    // containers that other programs start meanwhile may have no name
    expect(r.messages()).toMatch(/^(ksys: .*containers? .* named .*\n)?$/)
  })

  test('-M ends it after the given time', { timeout: 60_000 }, async () => {
    const r = await running('-M', '8', '-q')
    await new Promise((done) => r.child.on('close', done))
    expect(r.child.exitCode).toBe(0)
  })
})
