// Actions on pods and namespaces of Kubernetes.
import type { Action } from '../define.js'

const IN = '--namespace={k8s.ns.name}'
const POD = '{k8s.pod.name}'

export const KUBERNETES_ACTIONS: readonly Action[] = [
  {
    id: 'pod-describe',
    title: 'describe pod',
    doc: 'All about the pod.',
    argv: ['kubectl', IN, 'describe', 'pods', POD],
  },
  {
    id: 'pod-logs',
    title: 'logs',
    doc: 'The last 1000 lines that it wrote.',
    argv: ['kubectl', IN, 'logs', '--tail=1000', POD],
  },
  {
    id: 'pod-logs-f',
    title: 'logs -f',
    doc: 'What it writes, until Ctrl-C.',
    argv: ['kubectl', IN, 'logs', '--tail=100', '-f', POD],
  },
  {
    id: 'pod-logs-before',
    title: 'logs of before',
    doc: 'What it wrote before it was begun anew.',
    argv: ['kubectl', IN, 'logs', '-p', POD],
  },
  {
    id: 'pod-shell',
    title: 'shell in the pod',
    doc: 'A shell inside of its first container.',
    argv: ['kubectl', IN, 'exec', POD, '-i', '-t', '--', '/bin/sh'],
    changes: true,
  },
  {
    id: 'pod-delete',
    title: 'delete pod',
    doc: 'Ends the pod. What controls it begins another one.',
    argv: ['kubectl', IN, 'delete', 'pods', POD],
    changes: true,
  },
  {
    id: 'namespace-describe',
    title: 'describe namespace',
    doc: 'All about the namespace.',
    argv: ['kubectl', 'describe', 'namespaces', '{k8s.ns.name}'],
  },
]
