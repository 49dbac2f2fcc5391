// k8s.*: the pod of the event's container, as the container runtime describes it. Information that only the API server
// has is absent, except for the names of owners, which pods have in their labels.
import { type Container, type ContainerInfo, podLabel as pod, shortId } from '../model/container.js'
import type { State } from '../state/state.js'
import { containerInfoField, containerOf, label, labelsText } from './container-of.js'
import { type FieldDef, field, type Getter, stateOf } from './field.js'

const nonEmpty = (text: string | undefined): string | undefined => text || undefined

/** The metadata of the container's pod is that of its sandbox, if known. */
function sandboxOf(c: Container | undefined, state: State): ContainerInfo | undefined {
  const own = c?.info
  if (own === undefined || own.sandboxId === '') return own?.sandbox ? own : undefined
  return state.containers.byId.get(shortId(own.sandboxId))?.info ?? own
}

/** Labels of the pod: the sandbox's own if known, otherwise those reported with the container. */
function podLabels(c: Container | undefined, state: State): Readonly<Record<string, string>> | undefined {
  const own = c?.info
  if (own === undefined || pod(own, 'name') === undefined) return undefined
  if (Object.keys(own.podLabels).length > 0) return own.podLabels
  return sandboxOf(c, state)?.podLabels ?? own.podLabels
}

const podField = (doc: string, get: (c: Container | undefined, state: State) => string | undefined, cost = 16) =>
  field({
    type: 'string',
    doc,
    cost,
    needs: ['container'],
    containerOnly: true,
    make: (ctx) => (e) => get(containerOf(e, ctx), stateOf(ctx, e)),
  })

const uid = (doc: string) => containerInfoField('string', doc, (i) => pod(i, 'uid'))

/** Name of the replica set: pods carry its hash in a label, and their names start with its name. */
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

/** The name of a cron job's job ends with its scheduled time, in minutes since the epoch. */
const CRON = /-\d{8}$/

/**
 * The controller that keeps the pod running, inferred from its labels and name. Pods of sets other than replica sets
 * have a revision hash; pods of stateful sets also a label with their own name, which ends with a number.
 */
export function controllerOf(c: Container | undefined, state: State): { kind: string; name: string } | undefined {
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

/** Fields that only the API server knows: always absent. */
const SERVER = 'only the Kubernetes API server has it, and ksys does not query that'
const serverAbsence = (what: string) => ({
  type: 'string' as const,
  doc: `Always absent: only the Kubernetes API server knows ${what}.`,
  absent: { why: SERVER },
  make: never,
})
const unknown = (what: string): FieldDef<string> => field<string>(serverAbsence(what))
const unknownBy = (what: string) =>
  field<string>({ ...serverAbsence(what), arg: { need: 'required', kind: 'name', dot: true, doc: "the label's key" } })

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
    nonEmpty(shortId(i.sandboxId)),
  ),
  'k8s.pod.full_sandbox_id': containerInfoField('string', "The full id of the pod's sandbox.", (i) =>
    nonEmpty(i.sandboxId),
  ),
  'k8s.pod.label': field({
    type: 'string',
    doc: 'One label of the pod.',
    arg: { need: 'required', kind: 'name', dot: true, doc: "the label's key" },
    cost: 16,
    needs: ['container'],
    containerOnly: true,
    make: (ctx, key) => (e) => label(podLabels(containerOf(e, ctx), stateOf(ctx, e)) ?? {}, key as string),
  }),
  'k8s.pod.labels': podField(
    'All labels of the pod, as key:value.',
    (c, state) => {
      const labels = podLabels(c, state)
      return labels && labelsText(labels)
    },
    64,
  ),
  'k8s.pod.ip': podField('IPv4 address of the pod.', (c, state) => sandboxOf(c, state)?.ip),
  'k8s.pod.cni.json': podField(
    'Network configuration of the pod, as JSON.',
    (c, state) => sandboxOf(c, state)?.cniJson,
  ),
  'k8s.rs.name': podField("Name of the pod's replica set, from the pod's labels.", replicaSet),
  ...parts('rs', 'replica sets'),
  'k8s.deployment.name': podField("Name of the pod's deployment, from the pod's labels.", deployment),
  ...parts('deployment', 'deployments'),
  'k8s.controller.name': podField(
    "Name of the deployment, set or job that controls the pod, inferred from the pod's labels and name.",
    (c, state) => controllerOf(c, state)?.name,
  ),
  'k8s.controller.kind': podField(
    'Kind of the controller of the pod, inferred: Deployment, StatefulSet, DaemonSet, Job, CronJob.',
    (c, state) => controllerOf(c, state)?.kind,
  ),
  ...parts('ns', 'namespaces'),
  ...object('rc', 'replication controllers'),
  ...object('svc', 'services'),
}
