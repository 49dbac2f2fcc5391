// Structures and constants are declared by hand and verified with the compiler's headers.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { portable, type Shape } from '../../../src/schema/shape.js'
import * as devices from '../../../src/schema/structs/devices.js'
import * as files from '../../../src/schema/structs/files.js'
import * as ipc from '../../../src/schema/structs/ipc.js'
import * as processes from '../../../src/schema/structs/process.js'
import * as signal from '../../../src/schema/structs/signal.js'
import * as terminal from '../../../src/schema/structs/terminal.js'
import * as time from '../../../src/schema/structs/time.js'

const constants = new URL('../../../src/schema/constants/', import.meta.url)

/** The output of a C program that includes these headers and prints these expressions; undefined for what does not compile. */
function inC(headers: readonly string[], lines: readonly string[]): string[] {
  const dir = mkdtempSync(join(tmpdir(), 'ksys-c-'))
  try {
    const source = join(dir, 'a.c')
    const exe = join(dir, 'a')
    writeFileSync(
      source,
      `#define _GNU_SOURCE\n#include <stdio.h>\n#include <stddef.h>\n${headers
        .map((h) => `#if __has_include(<${h}>)\n#include <${h}>\n#endif\n`)
        .join('')}int main(void) {\n${lines.join('\n')}\nreturn 0;\n}\n`,
    )
    execFileSync('cc', ['-w', '-o', exe, source], { stdio: 'pipe' })
    return execFileSync(exe, { encoding: 'utf8' })
      .split('\n')
      .filter((l) => l !== '')
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

const HEADERS = [
  ...[
    'time.h',
    'signal.h',
    'sched.h',
    'poll.h',
    'fcntl.h',
    'sys/mman.h',
    'sys/resource.h',
    'sys/wait.h',
    'sys/epoll.h',
  ],
  ...['sys/xattr.h', 'sys/statvfs.h', 'sys/shm.h', 'sys/msg.h', 'sys/timex.h', 'sys/inotify.h', 'sys/fanotify.h'],
  ...['sys/personality.h', 'sys/random.h', 'sys/stat.h', 'sys/swap.h', 'sys/timerfd.h', 'linux/membarrier.h'],
  ...[
    'linux/mempolicy.h',
    'linux/perf_event.h',
    'linux/landlock.h',
    'linux/lsm.h',
    'linux/seccomp.h',
    'linux/keyctl.h',
  ],
  ...['linux/aio_abi.h', 'linux/kcmp.h', 'linux/kexec.h', 'linux/ioprio.h', 'linux/magic.h', 'linux/reboot.h'],
  ...['netinet/in.h', 'netinet/tcp.h', 'linux/netlink.h', 'linux/if_packet.h', 'linux/udp.h', 'linux/tls.h'],
  ...['net/if_arp.h', 'sys/socket.h', 'linux/serial.h', 'linux/nsfs.h', 'linux/loop.h'],
  ...['linux/capability.h', 'linux/rseq.h', 'linux/futex.h', 'linux/fiemap.h'],
]

test('constants that are macros in the headers have their values', () => {
  const texts = readdirSync(constants).map((file) =>
    file.endsWith('.txt') ? readFileSync(new URL(file, constants), 'utf8') : '',
  )
  const words = [...texts.join('').matchAll(/^([A-Z_][A-Z0-9_]+)=([\w-]+)(?: # unchecked)?$/gm)].map(
    ([, name, value]) => [name as string, Number(value)] as const,
  )
  // for these the headers lack the structure, whose size is part of the number
  const bare = (name: string) => /^TC[GS]ETS[WF]?2$/.test(name)
  const known = new Map(
    inC(
      HEADERS,
      [...new Set(words.map(([name]) => name))]
        .filter((name) => !bare(name))
        .map((name) => `#ifdef ${name}\nprintf("${name} %lld\\n", (long long)(${name}));\n#endif`),
    ).map((line) => line.split(' ') as [string, string]),
  )
  const wrong = words.filter(
    ([name, value]) =>
      known.has(name) && BigInt.asUintN(32, BigInt(known.get(name) as string)) !== BigInt.asUintN(32, BigInt(value)),
  )
  // the C library has 0 for it in programs whose files are all large
  expect(wrong.filter(([name]) => name !== 'O_LARGEFILE')).toEqual([])
  expect(known.size).toBeGreaterThan(200)
})

test('members have the offsets that C gives them', () => {
  const stat = { ...files.stat, look: files.stat.look }
  const structs: Record<string, readonly [string, Shape, number?]> = {
    timex: ['sys/timex.h', time.timex],
    itimerspec: ['time.h', time.itimerspec],
    tms: ['sys/times.h', time.tms],
    stat: ['sys/stat.h', stat, files.STAT_OFFSET],
    statfs: ['sys/statfs.h', files.statfs],
    epoll_event: ['sys/epoll.h', files.epollEvent],
    statx: ['linux/stat.h', files.statx],
    cachestat: ['linux/mman.h', files.cachestat],
    mount_attr: ['linux/mount.h', files.mountAttr],
    rusage: ['sys/resource.h', processes.rusage],
    sysinfo: ['linux/sysinfo.h', processes.sysinfo],
    sched_attr: ['linux/sched/types.h', processes.schedAttr],
    clone_args: ['linux/sched.h', processes.cloneArgs],
    iocb: ['linux/aio_abi.h', ipc.iocb],
    io_event: ['linux/aio_abi.h', ipc.ioEvent],
    mq_attr: ['linux/mqueue.h', ipc.mqAttr],
    shmid64_ds: ['linux/shm.h', ipc.shmid],
    msqid64_ds: ['linux/msg.h', ipc.msqid],
    semid64_ds: ['linux/sem.h', ipc.semid],
    shminfo64: ['linux/shm.h', ipc.shminfo],
    shm_info: ['linux/shm.h', ipc.shmUse],
    msginfo: ['linux/msg.h', ipc.msginfo],
    seccomp_notif: ['linux/seccomp.h', devices.seccompNotif],
    seccomp_notif_resp: ['linux/seccomp.h', devices.seccompAnswer],
    seccomp_notif_addfd: ['linux/seccomp.h', devices.seccompAddfd],
    dm_ioctl: ['linux/dm-ioctl.h', devices.mapper],
    sg_io_hdr: ['scsi/sg.h', devices.scsiRequest],
    hd_geometry: ['linux/hdreg.h', devices.geometry],
    blkpg_ioctl_arg: ['linux/blkpg.h', devices.partition],
    procmap_query: ['linux/fs.h', devices.mapQuery],
    pm_scan_arg: ['linux/fs.h', devices.pageScan],
    mnt_ns_info: ['linux/nsfs.h', devices.mountNamespace],
    termios2: ['asm/termbits.h', terminal.termios2],
  }
  const differing: string[] = []
  const lines: Record<string, string[]> = {}
  for (const [name, [header, shape, from = 0]] of Object.entries(structs)) {
    if (shape.look.kind !== 'struct') continue
    for (const m of shape.look.members.filter((x) => !x.name.startsWith('_'))) {
      differing.push(`${name}.${m.name} ${m.at + from}`)
      lines[header] ??= []
      lines[header].push(`printf("${name}.${m.name} %zu\\n", offsetof(struct ${name}, ${m.name}));`)
    }
  }
  const there = Object.entries(lines).flatMap(([header, l]) => inC(['linux/types.h', header], l))
  expect(differing.sort()).toEqual(there.sort())
})

test('structures with another layout in 32-bit programs are not assumed to be the same', () => {
  const same = [files.statx, files.epollEvent, processes.cloneArgs, processes.schedAttr, ipc.iocb, files.mountAttr]
  const other = [time.timespec, time.timex, files.stat, signal.siginfo, signal.childInfo, processes.rusage, ipc.shmid]
  expect(same.map(portable)).toEqual(same.map(() => true))
  expect(other.map(portable)).toEqual(other.map(() => false))
})
