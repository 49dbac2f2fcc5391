// Actions on Kubernetes pods and namespaces.
import type { Action } from '../define.js'

const IN = '--namespace={k8s.ns.name}'
const POD = '{k8s.pod.name}'

export const KUBERNETES_ACTIONS: readonly Action[] = [
  {
    id: 'pod-describe',
    title: 'describe pod',
    doc: 'The specification, state and events of the pod.',
    argv: ['kubectl', IN, 'describe', 'pods', POD],
  },
  {
    id: 'pod-logs',
    title: 'logs',
    doc: 'The last 1000 lines of its log.',
    argv: ['kubectl', IN, 'logs', '--tail=1000', POD],
  },
  {
    id: 'pod-logs-f',
    title: 'logs -f',
    doc: 'Follows its log, until Ctrl-C.',
    argv: ['kubectl', IN, 'logs', '--tail=100', '-f', POD],
  },
  {
    id: 'pod-logs-before',
    title: 'previous logs',
    doc: 'Its log before its last restart.',
    argv: ['kubectl', IN, 'logs', '-p', POD],
  },
  {
    id: 'pod-shell',
    title: 'shell in the pod',
    doc: 'A shell in its first container.',
    argv: ['kubectl', IN, 'exec', POD, '-i', '-t', '--', '/bin/sh'],
    changes: true,
  },
  {
    id: 'pod-delete',
    title: 'delete pod',
    doc: 'Deletes the pod. Its controller starts another one.',
    argv: ['kubectl', IN, 'delete', 'pods', POD],
    changes: true,
  },
  {
    id: 'namespace-describe',
    title: 'describe namespace',
    doc: 'The specification and state of the namespace.',
    argv: ['kubectl', 'describe', 'namespaces', '{k8s.ns.name}'],
  },
]
