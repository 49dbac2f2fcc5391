// Environments that only another machine or kernel state provides: CPUs that are off, cgroups of one version alone, lockdown. These steps
// are last: they change the guest permanently. Environments that this machine can provide are in test/live/surroundings.ts.
import { expect } from 'vitest'
import { accountLines } from '../helpers/account.js'
import { ksys } from '../helpers/ksys.js'
import { allSeen, CAPTURE, ended, type Left, OF_KNOWN, recorded, type Step } from './step.js'

const ID = '0123456789abcdef'.repeat(4)
/** A container's cgroup, as docker names it. */
const CONTAINER = `/sys/fs/cgroup/memory/docker/${ID}`
const CPU = '/sys/devices/system/cpu/cpu1/online'

/** Everything in known's account is in this trace. */
function whole(l: Left, trace: string): void {
  ended(l)
  const said = accountLines(l.said)
  expect(said.length).toBeGreaterThan(50)
  allSeen(l, said, recorded(l.file(trace), OF_KNOWN))
}

const JIT = '/proc/sys/net/core/bpf_jit_enable'
const UNCOMPILED =
  /^live capture needs the kernel's compiler for BPF programs .*: switch it on \(sysctl net\.core\.bpf_jit_enable=1\)$/

const LOCKED = /^live capture reads kernel memory, which kernel lockdown forbids here: /

const DESCRIPTORS = 200_000

export const SURROUNDINGS: readonly Step[] = [
  {
    name: `a process with ${DESCRIPTORS} descriptors`,
    short: false,
    // the limit of all files of a machine, which root may exceed until ksys has dropped its privileges
    run: `echo 1000000 > /proc/sys/fs/file-max; states descriptors ${DESCRIPTORS} ready & pid=$!; until [ -e ready ]; do sleep 0.1; done
      time -v ksys ${CAPTURE} -q -n 1 2>printing
      time -v ksys ${CAPTURE} -q -n 1 -w some.ksys 2>writing
      ksys ${CAPTURE} -M 1 -j -c lsof proc.name=states >live; kill $pid`,
    check(l) {
      for (const run of ['printing', 'writing']) expect(l.text(run)).toMatch(/Exit status: 0/)
      const listed = (text: string) => text.match(/^\{"command":"states",.*"name":"\/dev\/null"\}$/gm)?.length
      expect(listed(l.text('live'))).toBe(DESCRIPTORS + 1)
      const read = ksys(['-r', l.file('some.ksys'), '-j', '-c', 'lsof', 'proc.name=states'])
      expect(listed(read.stdout)).toBe(DESCRIPTORS + 1)
    },
  },
  {
    name: 'the JIT of BPF off',
    short: false,
    run: `echo 0 > ${JIT}; ksys -w none.ksys -- known 2>told; echo $?; ksys info --host
      echo 1 > ${JIT}; ksys ${CAPTURE} -w some.ksys -- known`,
    check(l) {
      expect(l.stdout).toMatch(/^3\n/)
      expect(/^capture +not possible: (.*)$/m.exec(l.stdout)?.[1]).toMatch(UNCOMPILED)
      expect(l.text('told').split('\n')[0]?.replace('ksys: ', '')).toMatch(UNCOMPILED)
      whole(l, 'some.ksys')
    },
  },
  {
    name: 'CPUs that are off, go and come back',
    short: false,
    run: `echo 0 > ${CPU}; cat /sys/devices/system/cpu/possible /sys/devices/system/cpu/online
      beside some.ksys ${CAPTURE} -- 'known; echo 1 > ${CPU}; known; echo 0 > ${CPU}; known; echo 1 > ${CPU}; taskset 2 known'`,
    check(l) {
      expect(l.stdout).toBe('0-1\n0\n')
      whole(l, 'some.ksys')
    },
  },
  {
    name: 'cgroups of version 1 alone',
    short: false,
    run: `mount -t tmpfs none /sys/fs/cgroup
      for c in memory cpu cpuset pids freezer; do
        mkdir /sys/fs/cgroup/$c; mount -t cgroup -o $c none /sys/fs/cgroup/$c && echo $c
      done 2>/dev/null
      mkdir -p ${CONTAINER}
      ksys ${CAPTURE} -w some.ksys -- sh -c 'echo $$ > ${CONTAINER}/cgroup.procs; exec known'`,
    check(l) {
      whole(l, 'some.ksys')
      expect(l.stdout).toMatch(/^pids$/m)
      // containers are distinguished by the memory controller, which newer kernels have in version 2 alone
      if (!/^memory$/m.test(l.stdout)) return
      const { stdout } = ksys(['-r', l.file('some.ksys'), '-p', '%container.full_id', 'proc.name=known'])
      expect([...new Set(stdout.trimEnd().split('\n'))]).toEqual([ID])
    },
  },
  {
    name: 'lockdown=integrity',
    short: false,
    run: `mount -t securityfs none /sys/kernel/security; echo integrity > /sys/kernel/security/lockdown
      cat /sys/kernel/security/lockdown; ksys ${CAPTURE} -w some.ksys -- known`,
    check(l) {
      expect(l.stdout).toContain('[integrity]')
      whole(l, 'some.ksys')
    },
  },
  {
    name: 'lockdown=confidentiality',
    short: false,
    run: `echo confidentiality > /sys/kernel/security/lockdown; cat /sys/kernel/security/lockdown
      ksys -w some.ksys -- known 2>told; echo $?; ksys info --host
      umount /sys/kernel/security; ksys -q -M 1 2>blind; echo $?
      ksys -r ../lockdown=integrity/some.ksys -n 1 -p '%evt.num read'`,
    check(l) {
      ended(l)
      expect(l.stdout).toContain('[confidentiality]\n3\n')
      expect(/^capture +not possible: (.*)$/m.exec(l.stdout)?.[1]).toMatch(LOCKED)
      expect(l.stdout).toMatch(/\n3\n1 read\n$/)
      for (const name of ['told', 'blind']) expect(l.text(name)).toMatch(/^ksys: live capture reads kernel memory, /)
      expect(l.said).toBe('')
    },
  },
]
