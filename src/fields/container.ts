// container.*: the container of the event's thread.

import type { ContainerInfo, Probe } from '../model/container.js'
import type { Event } from '../model/event.js'
import type { Thread } from '../model/thread.js'
import { epochOf } from '../model/time.js'
import { containerField, containerInfoField, containerOf, label, labelsText } from './container-of.js'
import { type FieldContext, field } from './field.js'

const nonEmpty = (text: string): string | undefined => text || undefined
/** A probe as a command line; NONE if there is none. */
const command = (p: Probe | undefined): string => (p === undefined ? 'NONE' : [p.exe, ...p.args].join(' '))

/**
 * Start of the container, epoch ns: that of its pid namespace, of its first process, or the start time that the runtime
 * reports.
 */
function began(e: Event, ctx: FieldContext): bigint | undefined {
  const c = containerOf(e, ctx)
  if (c === undefined) return undefined
  const namespace = e.thread?.leader.pidnsStart ?? 0n
  if (namespace > 0n) return namespace
  if (c.began !== undefined) return epochOf(ctx.info, c.began)
  const created = c.info?.created ?? 0
  return created > 0 ? BigInt(Math.round(created * 1e3)) * 1_000_000n : undefined
}

/** Ids are looked for in the cgroups of threads. */
const ID = { kind: 'id', of: 'thread' } as const
const DEPRECATED = 'Deprecated upstream. '

export const fields = {
  'container.id': containerField(
    'string',
    'First 12 digits of the container id; host outside of containers.',
    (c) => c.id,
    {
      host: 'host',
      literals: ID,
    },
  ),
  // a reported value is valid even without a full id, as in traces of older tools
  'container.full_id': containerField(
    'string',
    'The full container id; host outside of containers.',
    (c) => nonEmpty(c.info === undefined ? c.fullId : c.info.fullId),
    { host: 'host', literals: ID },
  ),
  'container.name': containerInfoField(
    'string',
    'Name of the container; host outside of containers.',
    (i) => nonEmpty(i.name),
    {
      host: 'host',
    },
  ),
  'container.image': containerInfoField('string', 'Image as requested, with its tag.', (i) => nonEmpty(i.image)),
  'container.image.id': containerInfoField('string', 'Id of the image.', (i) => nonEmpty(i.imageId)),
  'container.type': containerField(
    'string',
    'Container runtime: docker, podman, containerd, cri-o ...; host outside of containers.',
    (c) => nonEmpty(c.info?.type || c.type),
    { host: 'host' },
  ),
  'container.privileged': containerInfoField('bool', 'True when it runs privileged.', (i) => i.privileged),
  'container.is_pod_sandbox': containerInfoField(
    'bool',
    "True for the container that only holds a pod's namespaces (pause).",
    (i) => i.sandbox,
  ),
  'container.image.repository': containerInfoField('string', 'Repository part of the image.', (i) =>
    nonEmpty(i.imageRepository),
  ),
  'container.image.tag': containerInfoField('string', 'Tag part of the image.', (i) => nonEmpty(i.imageTag)),
  'container.image.digest': containerInfoField(
    'string',
    "Digest of the image in its registry; for a docker image without a registry, its configuration's digest (its id).",
    (i) => nonEmpty(i.imageDigest),
  ),
  'container.healthcheck': containerInfoField('string', 'Command of the health check, or NONE.', (i) =>
    command(i.healthcheck),
  ),
  'container.liveness_probe': containerInfoField('string', 'Command of the liveness probe, or NONE.', (i) =>
    command(i.liveness),
  ),
  'container.readiness_probe': containerInfoField('string', 'Command of the readiness probe, or NONE.', (i) =>
    command(i.readiness),
  ),
  'container.start_ts': field({
    type: 'abstime',
    doc: 'Start of the container, in nanoseconds since the epoch.',
    cost: 16,
    // its first process may be neither the event's process nor an ancestor of it
    needs: ['container', 'everybody'],
    make: (ctx) => (e) => began(e, ctx),
  }),
  'container.duration': field({
    type: 'reltime',
    doc: 'Nanoseconds since the container started.',
    cost: 16,
    needs: ['container', 'everybody'],
    make: (ctx) => (e) => {
      const from = began(e, ctx)
      return from === undefined ? undefined : Math.max(0, Number(epochOf(ctx.info, e.time) - from))
    },
  }),
  'container.ip': containerInfoField(
    'string',
    "IPv4 address of the container or its pod; empty with the host's network.",
    (i) => i.ip,
  ),
  'container.cni.json': containerInfoField('string', 'Network configuration of the pod, as JSON.', (i) => i.cniJson),
  'container.host_pid': containerInfoField('bool', "True when it shares the host's pid namespace.", (i) => i.hostPid),
  'container.host_network': containerInfoField('bool', "True when it shares the host's network.", (i) => i.hostNetwork),
  'container.host_ipc': containerInfoField('bool', "True when it shares the host's IPC namespace.", (i) => i.hostIpc),
  'container.label': field({
    type: 'string',
    doc: 'One label of the container.',
    arg: { need: 'required', kind: 'name', dot: true, doc: "the label's key" },
    cost: 16,
    needs: ['container'],
    containerOnly: true,
    make: (ctx, key) => (e) => {
      const info: ContainerInfo | undefined = containerOf(e, ctx)?.info
      return info && label(info.labels, key as string)
    },
  }),
  'container.labels': containerInfoField(
    'string',
    'All labels of the container, as key:value.',
    (i) => labelsText(i.labels),
    {
      cost: 64,
    },
  ),
}

/** Container runtimes, by argv[0] or the file they run from: runc and crun run from a copy in a memfd. */
const RUNTIME = /(^|\/)(runc|crun|youki)$|^\/memfd:(runc_cloned|crun_cloned)/

/**
 * Whether the runtime's own program runs in the container, as runc does until it executes the container's program. A
 * runtime that was started by a program of the container does not count.
 */
function isRuntime(t: Thread): boolean {
  const { container } = t
  if (container === undefined) return false
  for (let p: Thread | undefined = t.leader, deep = 0; p?.container === container; p = p.parent)
    if ((!RUNTIME.test(p.exe) && !RUNTIME.test(p.exepath)) || deep++ === 64) return false
  return true
}

/** Processes of a container that are not its workload; health checks of old engines are recognized by their command. */
export const processFields = {
  'proc.is_container_runtime': field({
    type: 'bool',
    doc: "True for processes of the runtime (runc, crun) in a container, before they execute the container's program.",
    cost: 16,
    make: () => (e) => e.thread && isRuntime(e.thread),
  }),
  'proc.is_container_healthcheck': isProbe('health check', (i) => i.healthcheck),
  'proc.is_container_liveness_probe': isProbe('liveness probe', (i) => i.liveness),
  'proc.is_container_readiness_probe': isProbe('readiness probe', (i) => i.readiness),
}

function isProbe(what: string, get: (i: ContainerInfo) => Probe | undefined) {
  return field({
    type: 'bool',
    doc: `${DEPRECATED}True for a process of the container's ${what}.`,
    cost: 16,
    needs: ['container'],
    make: () => (e) => {
      if (e.thread === undefined) return undefined
      const info = e.thread.container?.info
      const probe = info && get(info)
      return probe !== undefined && runsFor(probe, e.thread)
    },
  })
}

/** Whether the thread's process is a probe's command, or was started by one. */
function runsFor(probe: Probe, thread: Thread): boolean {
  // a process started by the runtime has a parent outside of the container, unlike the container's own processes
  for (let t = thread.leader, deep = 0; deep < 64; deep++) {
    const outside = t.parent === undefined || t.parent.container !== t.container
    if (matches(probe, t.exe, t.args)) return outside && t.vpid !== 1
    if (outside || t.parent === undefined) return false
    t = t.parent
  }
  return false
}

function matches(probe: Probe, exe: string, args: readonly string[]): boolean {
  return probe.exe === exe && probe.args.length === args.length && probe.args.every((a, k) => a === args[k])
}
