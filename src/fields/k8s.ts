// k8s.*: the pod in which it happened, as the container runtime knows it. What only the API server knows is absent, but
// for the names of owners, which pods have in their labels.
import type { Container, ContainerInfo } from '../model/container.js'
import { podLabel as pod, shortId } from '../model/container.js'
import type { State } from '../state/state.js'
import { containerInfoField, containerOf, label, labelsText } from './container-of.js'
import { type FieldDef, field, type Getter, stateOf } from './field.js'

const told = (text: string | undefined): string | undefined => text || undefined

/** What is known of the container's pod is with its sandbox, when that is known. */
function sandboxOf(c: Container | undefined, state: State): ContainerInfo | undefined {
  const own = c?.info
  if (own === undefined || own.sandboxId === '') return own?.sandbox ? own : undefined
  return state.containers.byId.get(shortId(own.sandboxId))?.info ?? own
}

/** Labels of the pod: the sandbox's own when it is known, else those that the container was told with. */
function podLabels(c: Container | undefined, state: State): Readonly<Record<string, string>> | undefined {
  const own = c?.info
  if (own === undefined || pod(own, 'name') === undefined) return undefined
  if (Object.keys(own.podLabels).length > 0) return own.podLabels
  return sandboxOf(c, state)?.podLabels ?? own.podLabels
}

const ofPod = (doc: string, get: (c: Container | undefined, state: State) => string | undefined, cost = 16) =>
  field({
    type: 'string',
    doc,
    cost,
    needs: ['container'],
    ofThread: true,
    ofContainer: true,
    make: (ctx) => (e) => get(containerOf(e, ctx), stateOf(ctx, e)),
  })

const uid = (doc: string) => containerInfoField('string', doc, (i) => pod(i, 'uid'))

/** Name of the replica set: pods carry its hash as a label, and its name as the beginning of theirs. */
function replicaSet(c: Container | undefined, state: State): string | undefined {
  const hash = label(podLabels(c, state) ?? {}, 'pod-template-hash')
  const name = c?.info && pod(c.info, 'name')
  const end = hash === undefined || hash === '' || name === undefined ? -1 : name.lastIndexOf(`-${hash}-`)
  return end > 0 ? (name as string).slice(0, end + 1 + (hash as string).length) : undefined
}

function deployment(c: Container | undefined, state: State): string | undefined {
  const set = replicaSet(c, state)
  return set?.slice(0, set.lastIndexOf('-'))
}

/** A job of a cron job is called by it and the minute that it was due, in minutes since the epoch. */
const CRON = /-\d{8}$/

/**
 * What keeps the pod running, as its labels and its name tell. Of sets that are not replica sets pods have a hash of the revision; those of
 * stateful sets their own name too, which ends with a number.
 */
function controller(c: Container | undefined, state: State): { kind: string; name: string } | undefined {
  const name = deployment(c, state)
  if (name !== undefined) return { kind: 'Deployment', name }
  const labels = podLabels(c, state) ?? {}
  const own = (c?.info && pod(c.info, 'name')) ?? ''
  const job = label(labels, 'batch.kubernetes.io/job-name') ?? label(labels, 'job-name')
  if (job !== undefined && job !== '')
    return CRON.test(job) ? { kind: 'CronJob', name: job.replace(CRON, '') } : { kind: 'Job', name: job }
  const end = own.lastIndexOf('-')
  if (end <= 0 || label(labels, 'controller-revision-hash') === undefined) return undefined
  const stateful = label(labels, 'statefulset.kubernetes.io/pod-name') !== undefined
  return { kind: stateful ? 'StatefulSet' : 'DaemonSet', name: own.slice(0, end) }
}

const never = (): Getter<string> => () => undefined

/** What only the API server knows: always absent. */
const SERVER = 'the Kubernetes API server alone could tell, and is not asked'
const ofServer = (what: string) => ({
  type: 'string' as const,
  doc: `Always absent: only the Kubernetes API server knows ${what}.`,
  absent: { why: SERVER },
  make: never,
})
const unknown = (what: string): FieldDef<string> => field<string>(ofServer(what))
const unknownBy = (what: string) =>
  field<string>({ ...ofServer(what), arg: { need: 'required', kind: 'name', dot: true, doc: "the label's key" } })

/** The four fields of an object that only the API server knows. */
const object = (prefix: string, what: string) => ({
  [`k8s.${prefix}.name`]: unknown(`the name of ${what}`),
  ...parts(prefix, what),
})
const parts = (prefix: string, what: string) => ({
  [`k8s.${prefix}.id`]: unknown(`the id of ${what}`),
  [`k8s.${prefix}.label`]: unknownBy(`the labels of ${what}`),
  [`k8s.${prefix}.labels`]: unknown(`the labels of ${what}`),
})

export const fields = {
  'k8s.ns.name': containerInfoField('string', "Namespace of the container's pod.", (i) => pod(i, 'namespace')),
  'k8s.pod.name': containerInfoField('string', "Name of the container's pod.", (i) => pod(i, 'name')),
  'k8s.pod.id': uid('UID of the pod (the older name of k8s.pod.uid).'),
  'k8s.pod.uid': uid('UID of the pod.'),
  'k8s.pod.sandbox_id': containerInfoField('string', "First 12 digits of the pod sandbox's id.", (i) =>
    told(shortId(i.sandboxId)),
  ),
  'k8s.pod.full_sandbox_id': containerInfoField('string', "The whole id of the pod's sandbox.", (i) =>
    told(i.sandboxId),
  ),
  'k8s.pod.label': field({
    type: 'string',
    doc: 'One label of the pod.',
    arg: { need: 'required', kind: 'name', dot: true, doc: "the label's key" },
    cost: 16,
    needs: ['container'],
    ofThread: true,
    ofContainer: true,
    make: (ctx, key) => (e) => label(podLabels(containerOf(e, ctx), stateOf(ctx, e)) ?? {}, key as string),
  }),
  'k8s.pod.labels': ofPod(
    'All labels of the pod, as key:value.',
    (c, state) => {
      const labels = podLabels(c, state)
      return labels && labelsText(labels)
    },
    64,
  ),
  'k8s.pod.ip': ofPod('IPv4 address of the pod.', (c, state) => sandboxOf(c, state)?.ip),
  'k8s.pod.cni.json': ofPod("JSON text of the pod's network set-up.", (c, state) => sandboxOf(c, state)?.cniJson),
  'k8s.rs.name': ofPod("Name of the pod's replica set, as the pod's labels tell it.", replicaSet),
  ...parts('rs', 'replica sets'),
  'k8s.deployment.name': ofPod("Name of the pod's deployment, as the pod's labels tell it.", deployment),
  ...parts('deployment', 'deployments'),
  'k8s.controller.name': ofPod(
    "Name of the deployment, set or job that keeps the pod running, inferred from the pod's labels and name.",
    (c, state) => controller(c, state)?.name,
  ),
  'k8s.controller.kind': ofPod(
    'Kind of what keeps the pod running, inferred: Deployment, StatefulSet, DaemonSet, Job, CronJob.',
    (c, state) => controller(c, state)?.kind,
  ),
  ...parts('ns', 'namespaces'),
  ...object('rc', 'replication controllers'),
  ...object('svc', 'services'),
}
