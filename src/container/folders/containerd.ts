// containerd's state folders, with a folder per namespace and task.
import { dirname, join } from 'node:path'
import { type ContainerInfo, unnamed } from '../../model/container.js'
import { inHost } from '../../source/host.js'
import { fromSpec } from '../oci.js'
import { entries, type Tree, treeOfBundle } from '../tree.js'
import { type FolderKind, NAMED_ID, option, type ReadFolder } from './kind.js'

/** Subfolder for tasks in a state folder. */
const TASKS = 'io.containerd.runtime.v2.task'
const TASK = /^(\/.*)\/io\.containerd\.runtime\.v2\.task\/[^/]+\/[^/]+\/?$/
/** docker's tasks are skipped: docker's own files describe them. */
const OF_DOCKER = 'moby'
/** Namespace of pods, whose names come from CRI. */
const OF_PODS = 'k8s.io'

export const containerdState: FolderKind = {
  kind: 'containerd',
  usual: ['/run/containerd', '/run/k3s/containerd', '/run/k0s/containerd', '/var/snap/microk8s/common/run/containerd'],
  // the socket of a daemon is in its state folder, unless one of them was moved
  ofSocket: dirname,
  watcher: {
    program: 'containerd-shim',
    clue(args, cwd) {
      const path = TASK.exec(cwd)?.[1] ?? ''
      const [namespace, id] = [option(args, '-namespace'), option(args, '-id')]
      const named = NAMED_ID.test(namespace) && NAMED_ID.test(id) && namespace !== OF_DOCKER
      return { path, ...(named ? { cgroup: `/${namespace}/${id}` } : {}) }
    },
  },
  find,
  findPlain,
  plain: (namespace, id) => ({ ...unnamed(id, 'containerd'), name: plainName(namespace, id) }),
  trees,
}

async function find(id: string, folder: ReadFolder): Promise<ContainerInfo | undefined> {
  for (const namespace of await folder.names([TASKS])) {
    const info = namespace === OF_DOCKER ? undefined : await findPlain(namespace, id, folder)
    if (info !== undefined) return info
  }
  return undefined
}

async function findPlain(namespace: string, id: string, folder: ReadFolder): Promise<ContainerInfo | undefined> {
  if (!NAMED_ID.test(id) || !NAMED_ID.test(namespace)) return undefined
  const spec = await folder.json([TASKS, namespace, id, 'config.json'])
  if (spec === undefined) return undefined
  const info = fromSpec(id, 'containerd', spec)
  return info.name === '' ? { ...info, name: plainName(namespace, id) } : info
}

/** A container outside of pods has no name but its id. */
function plainName(namespace: string, id: string): string {
  return namespace === OF_PODS ? '' : id
}

async function trees(id: string, state: string, host: string): Promise<Tree[]> {
  if (!NAMED_ID.test(id)) return []
  const namespaces = await entries(inHost(host, join(state, TASKS)))
  return (await Promise.all(namespaces.map((n) => treeOfBundle(join(state, TASKS, n, id), host)))).flat()
}
