// The pods of a deployment or another controller, their nodes, and the filter for their calls.
import { CliError, EXIT } from '../errors/exit.js'
import type { Kubectl } from './kubectl.js'
import { podsIn, selectorOf } from './objects.js'

/** Controllers by the words that kubectl accepts for them. */
export const CONTROLLERS: Readonly<Record<string, string>> = {
  ...named('deployment', 'deploy', 'deployments'),
  ...named('statefulset', 'sts', 'statefulsets'),
  ...named('daemonset', 'ds', 'daemonsets'),
}

function named(kind: string, ...others: string[]): Record<string, string> {
  return Object.fromEntries([kind, ...others].map((word) => [word, kind]))
}

/** Keys and values of labels, as Kubernetes allows them. */
const KEY = /^([a-z0-9.-]{1,253}\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/
const VALUE = /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/

export interface WorkloadPods {
  readonly namespace: string
  /** names of nodes that run its pods */
  readonly nodes: readonly string[]
  /** selects the calls of its pods, also of those that are created later */
  readonly filter: string
}

/** Queries the cluster. Throws CliError (unavailable) if there is no such controller, or no pod of it runs. */
export async function podsOf(
  kubectl: Kubectl,
  { kind, name }: { readonly kind: string; readonly name: string },
  namespace: string | undefined,
): Promise<WorkloadPods> {
  const where = namespace === undefined ? [] : ['-n', namespace]
  const of = `${kind} ${name}`
  const found = selectorOf(await kubectl.json(`${of} cannot be looked up`, ['get', kind, name, ...where]))
  const inside = found.namespace ?? namespace
  if (inside === undefined) throw refused(`${of} has no namespace in the output of kubectl: name it with -n`)
  const labels = Object.entries(found.labels)
  if (labels.length === 0 || !labels.every(([key, value]) => KEY.test(key) && VALUE.test(value)))
    throw refused(`${of} selects its pods without labels that ksys can filter`)
  const selector = labels.map(([key, value]) => `${key}=${value}`).join(',')
  const pods = podsIn(
    await kubectl.json(`the pods of ${of} cannot be looked up`, ['get', 'pods', '-n', inside, '-l', selector]),
  )
  const nodes = [
    ...new Set(pods.flatMap(({ node, phase }) => (node === undefined || phase !== 'Running' ? [] : [node]))),
  ].sort()
  if (nodes.length === 0) throw refused(`no pod of ${of} in the namespace ${inside} is running: start it, then retry`)
  const conditions = labels.map(([key, value]) => `k8s.pod.label[${key}] = "${value}"`)
  return { namespace: inside, nodes, filter: [`k8s.ns.name = "${inside}"`, ...conditions].join(' and ') }
}

function refused(message: string): CliError {
  return new CliError(EXIT.unavailable, message)
}
