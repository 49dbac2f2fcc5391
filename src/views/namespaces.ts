// Kubernetes namespaces and the resource usage of their pods.
import { PODS, USED_BY_THREADS } from './columns.js'
import { defineView, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'kubernetes_namespaces',
  name: 'K8s Namespaces',
  description: 'Namespaces of the pods on this node, with the resource usage of their pods.',
  tips: ['Enter shows the pods of a namespace.'],
  example: 'not k8s.ns.name=kube-system',
  appliesTo: [WHOLE_MACHINE, 'evt.res'],
  drillTo: 'kubernetes_pods',
  empty: 'No pod is running.',
  table: {
    keys: ['thread.tid'],
    groupBy: ['k8s.ns.name'],
    threads: true,
    threadFilter: 'k8s.ns.name exists',
    sort: { column: 0 },
    columns: [...USED_BY_THREADS, PODS, { field: 'k8s.ns.name', title: 'NAME', doc: 'name of the namespace' }],
  },
})
