// Kubernetes controllers and the resource usage of their pods.
import { PODS, USED_BY_THREADS } from './columns.js'
import { defineView, WHOLE_MACHINE } from './define.js'

export default defineView({
  id: 'kubernetes_controllers',
  name: 'K8s Controllers',
  description:
    'Deployments, stateful sets, daemon sets, jobs and cron jobs with pods on this node, and the resource usage of these pods. Inferred from the labels and names of pods: the API server is not queried.',
  tips: ['Enter lists the pods of a controller. Standalone pods are not listed.'],
  example: 'k8s.ns.name=default',
  appliesTo: [WHOLE_MACHINE, 'evt.res', 'k8s.ns.name'],
  drillTo: 'kubernetes_pods',
  empty: 'No running pod has labels that name its controller.',
  table: {
    keys: ['thread.tid'],
    groupBy: ['k8s.ns.name', 'k8s.controller.kind', 'k8s.controller.name'],
    threads: true,
    threadFilter: 'k8s.controller.name exists',
    sort: { column: 0 },
    columns: [
      ...USED_BY_THREADS,
      PODS,
      {
        field: 'k8s.controller.kind',
        title: 'KIND',
        width: 11,
        fits: true,
        names: true,
        doc: 'kind of controller, inferred',
      },
      { field: 'k8s.ns.name', title: 'NAMESPACE', width: 30, fits: true, names: true, doc: 'Kubernetes namespace' },
      { field: 'k8s.controller.name', title: 'NAME', names: true, doc: 'name of the controller, inferred' },
    ],
  },
})
