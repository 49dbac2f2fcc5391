// Which container a cgroup belongs to, by its path alone.

/** What a path identifies: the full id, and the kind of runtime if the path contains it ('' otherwise). */
interface CgroupOwner {
  readonly id: string
  readonly type: string
}

const ID = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/

/** Kinds by what precedes the id in its path component, or by the component before that. */
const KINDS: readonly (readonly [shape: RegExp, type: string])[] = [
  [/(^|\/)docker[-/]$/, 'docker'],
  [/(^|\/)libpod-$/, 'podman'],
  [/(^|\/)(cri-containerd[-:]|.*:cri-containerd:)$/, 'containerd'],
  [/(^|\/)crio-$/, 'cri-o'],
]

/** Processes that monitor a container from outside: their scopes carry its id, but they run on the host. */
const MONITOR = /conmon-$/
const LXC = /(?:^|\/)(?:lxc\.payload[./]|lxc\/)([^/]+)/

/**
 * The owner of a cgroup path, undefined if it does not belong to a container. The last id in the path counts: a container
 * inside another one (kind, docker in docker) has its own.
 */
export function cgroupOwner(path: string): CgroupOwner | undefined {
  for (let end = path.length; end > 0; ) {
    const slash = path.lastIndexOf('/', end - 1)
    const part = path.slice(slash + 1, end)
    const at = part.length < 64 ? -1 : part.search(ID)
    if (at >= 0) {
      const before = path.slice(0, slash + 1 + at)
      if (MONITOR.test(before)) return undefined
      const type = KINDS.find(([shape]) => shape.test(before))?.[1] ?? ''
      return { id: part.slice(at, at + 64), type }
    }
    if (slash <= 0) break
    end = slash
  }
  const lxc = LXC.exec(path)?.[1]
  return lxc === undefined ? undefined : { id: lxc, type: 'lxc' }
}

/** NAMESPACE/ID, which containerd gives to containers outside pods; systemd units are not containers. */
const PLAIN = /^\/[A-Za-z0-9][\w.-]*\/([A-Za-z0-9][\w.-]*)$/
const UNIT = /\.(slice|service|scope|mount|socket)$/

/** The id of the container that a path without a recognisable id may belong to: a runtime must confirm it. Undefined for other paths. */
export function cgroupMaybe(path: string): string | undefined {
  const id = PLAIN.exec(path)?.[1]
  return id === undefined || UNIT.test(path) || cgroupOwner(path) !== undefined ? undefined : id
}

/** The path in "controller=/path". */
export function cgroupPath(entry: string): string {
  return entry.slice(entry.indexOf('=') + 1)
}
