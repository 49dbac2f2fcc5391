// What processes in containers are: the runtime, under whatever name it runs, and the programs that it starts.
import { expect, test } from 'vitest'
import { Actors } from '../../../src/advise/needs/actors.js'
import { Workload } from '../../../src/advise/needs/workload.js'
import { Container } from '../../../src/model/container.js'
import { FdTable, Thread } from '../../../src/model/thread.js'
import { batchNs } from '../../../src/model/time.js'

/** The first process of a container, which a process of the host has started during the capture. */
function firstProcess(container: Container, comm: string, exepath: string): Thread {
  const t = new Thread(200, 200, new FdTable())
  Object.assign(t, {
    vtid: 1,
    vpid: 1,
    comm,
    exepath,
    container,
    startTime: batchNs(5),
    parent: new Thread(100, 100, t.fdTable),
  })
  return t
}

/** What the process is before and after it loads a filter and executes a program with that name and path; the runtimes of its workload. */
function started(comm: string, exepath: string, programs: readonly (readonly [comm: string, exepath: string])[]) {
  const workload = new Workload({ key: 'web', name: 'web', kind: 'container', what: 'container web', pod: undefined })
  const actors = new Actors(() => workload)
  const t = firstProcess(new Container('web', '', ''), comm, exepath)
  const roles = [actors.of(t)?.origin]
  actors.loadsFilter(t)
  for (const [name, path] of programs) {
    const before = actors.of(t)
    Object.assign(t, { comm: name, exepath: path })
    if (before) actors.executes(t, before)
    roles.push(actors.of(t)?.origin)
  }
  return { roles, runtimes: [...workload.runtimes], starts: workload.starts, filtered: workload.filtered }
}

const SH = ['sh', '/bin/busybox'] as const

test.each([
  ['runc', 'runc:[2:INIT]', '/usr/sbin/runc'],
  ['crun', 'crun', '/usr/bin/crun'],
  ['crun', '3', '/memfd:crun_cloned:/usr/bin/crun (deleted)'],
  ['crun', 'memfd:crun_clon', 'memfd:crun_cloned'],
  ['crun', 'exe', '/usr/libexec/crun'],
  ['runc', '6', '/memfd:runc_cloned:/proc/self/exe'],
])('%s is known as process %s of %s', (runtime, comm, exepath) => {
  const copy = [comm, exepath] as const
  expect(started(comm, exepath, [copy, SH])).toEqual({
    roles: ['runtime', 'runtime', 'entrypoint'],
    runtimes: [runtime],
    starts: 1,
    filtered: 1,
  })
})

test.each([
  ['crunch', '/usr/bin/crunch'],
  ['runc-exporter', '/opt/runc-exporter'],
  ['web', '/opt/crun-tools/web'],
  ['x', '/memfd:x'],
])('%s of %s is no runtime', (comm, exepath) => {
  expect(started('exe', '/proc/self/exe', [[comm, exepath]])).toMatchObject({
    roles: ['runtime', 'entrypoint'],
    runtimes: [],
    starts: 1,
  })
})
