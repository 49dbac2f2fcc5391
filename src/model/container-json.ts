// Container metadata as the text of `container` events: keys and type numbers are those of libs.
import { type ContainerInfo, type Mount, type Probe, shortId, unnamed } from './container.js'

/** Kinds of containers by libs' number. */
const TYPES: Readonly<Record<number, string>> = {
  0: 'docker',
  1: 'lxc',
  2: 'libvirt-lxc',
  3: 'mesos',
  4: 'rkt',
  5: 'custom',
  6: 'cri',
  7: 'containerd',
  8: 'cri-o',
  9: 'bpm',
  10: 'static',
  11: 'podman',
}
const UNKNOWN_TYPE = 0xffff
/** Longest text of an event's parameter. */
const LONGEST = 64_900
/** Longest text, in characters, of one item when the whole has to be shortened. */
const LONG = 500

type Raw = Readonly<Record<string, unknown>>

const object = (v: unknown): Raw => (typeof v === 'object' && v !== null && !Array.isArray(v) ? (v as Raw) : {})
const list = (v: unknown): readonly unknown[] => (Array.isArray(v) ? v : [])
const text = (v: unknown): string => (typeof v === 'string' ? v : '')
const flag = (v: unknown): boolean | undefined => (typeof v === 'boolean' ? v : undefined)
/** Texts by key; own properties only, whatever their names. */
const texts = (v: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(object(v)).filter((e): e is [string, string] => typeof e[1] === 'string'))

/**
 * Container metadata from the text of a container event; undefined if the text is invalid, or only reports that a query is in
 * progress.
 * The text is untrusted: members that are missing or of a wrong type are omitted.
 */
export function parseContainer(json: string): ContainerInfo | undefined {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return undefined
  }
  const c = object(object(value).container ?? value)
  const id = text(c.id)
  if (id === '' || text(c.image) === 'incomplete') return undefined
  const fullId = text(c.full_id) || id
  return {
    ...unnamed(fullId, TYPES[Number(c.type ?? UNKNOWN_TYPE)] ?? ''),
    id: shortId(id),
    fullId: text(c.full_id),
    name: text(c.name),
    partial: c.partial === true,
    image: text(c.image),
    imageId: text(c.imageid),
    imageRepository: text(c.imagerepo),
    imageTag: text(c.imagetag),
    imageDigest: text(c.imagedigest),
    user: text(c.User),
    ip: text(c.ip),
    cniJson: text(c.cni_json),
    created: typeof c.created_time === 'number' && Number.isFinite(c.created_time) ? c.created_time : 0,
    privileged: flag(c.privileged),
    hostPid: flag(c.host_pid),
    hostNetwork: flag(c.host_network),
    hostIpc: flag(c.host_ipc),
    sandbox: c.is_pod_sandbox === true,
    sandboxId: text(c.pod_sandbox_id),
    labels: texts(c.labels),
    podLabels: texts(c.pod_sandbox_labels),
    mounts: list(c.Mounts).map(mount),
    env: list(c.env).map(text),
    healthcheck: probe(c.Healthcheck),
    liveness: probe(c.LivenessProbe),
    readiness: probe(c.ReadinessProbe),
    cgroup: text(c.cgroup),
  }
}

function mount(value: unknown): Mount {
  const m = object(value)
  return {
    source: text(m.Source),
    dest: text(m.Destination),
    mode: text(m.Mode),
    writable: m.RW === true,
    propagation: text(m.Propagation),
  }
}

function probe(value: unknown): Probe | undefined {
  const p = object(value)
  const exe = text(p.exe)
  return exe === '' ? undefined : { exe, args: list(p.args).map(text) }
}

/** The text of a container event with this metadata. */
export function containerJson(info: ContainerInfo): string {
  return JSON.stringify({ container: raw(fitting(info)) })
}

/** The same, shortened until its text fits into an event: the environment is dropped first. */
export function fitting(info: ContainerInfo): ContainerInfo {
  if (fits(info)) return info
  const withoutEnv = { ...info, env: [] }
  if (fits(withoutEnv)) return withoutEnv
  const cut = (v: unknown) => (typeof v === 'string' ? v.slice(0, LONG) : v)
  const short = Object.fromEntries(Object.entries(info).map(([k, v]) => [k, cut(v)])) as unknown as ContainerInfo
  return {
    ...short,
    ...{ env: [], mounts: [], podLabels: {}, cniJson: '' },
    ...{ healthcheck: undefined, liveness: undefined, readiness: undefined },
    labels: Object.fromEntries(
      ['name', 'namespace', 'uid']
        .map((what) => `io.kubernetes.pod.${what}`)
        .filter((key) => Object.hasOwn(info.labels, key))
        .map((key) => [key, info.labels[key]?.slice(0, LONG) ?? '']),
    ),
  }
}

const fits = (info: ContainerInfo): boolean => Buffer.byteLength(JSON.stringify(raw(info))) <= LONGEST

function raw(i: ContainerInfo): Raw {
  const type = Object.keys(TYPES).find((n) => TYPES[Number(n)] === i.type)
  return {
    type: type === undefined ? UNKNOWN_TYPE : Number(type),
    id: i.id,
    full_id: i.fullId,
    name: i.name,
    image: i.image,
    imageid: i.imageId,
    imagerepo: i.imageRepository,
    imagetag: i.imageTag,
    imagedigest: i.imageDigest,
    User: i.user,
    ip: i.ip,
    cni_json: i.cniJson,
    created_time: i.created,
    privileged: i.privileged,
    host_pid: i.hostPid,
    host_network: i.hostNetwork,
    host_ipc: i.hostIpc,
    is_pod_sandbox: i.sandbox,
    pod_sandbox_id: i.sandboxId,
    labels: i.labels,
    pod_sandbox_labels: i.podLabels,
    Mounts: i.mounts.map((m) => ({
      Source: m.source,
      Destination: m.dest,
      Mode: m.mode,
      RW: m.writable,
      Propagation: m.propagation,
    })),
    env: i.env,
    Healthcheck: i.healthcheck,
    LivenessProbe: i.liveness,
    ReadinessProbe: i.readiness,
    cgroup: i.cgroup || undefined,
    partial: i.partial || undefined,
    lookup_state: 1,
  }
}
