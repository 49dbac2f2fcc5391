// Users of csysdig find its views by their ids for -v; a missing view has a reason.
import { expect, test } from 'vitest'
import { loadViews } from '../../../src/views/index.js'

const NO_API_SERVER = 'what a runtime tells of a pod does not name it, and the API server is not asked'
const CONTROLLERS = 'kubernetes_controllers has them among others'
const MESOS = 'Mesos and Marathon are no longer developed'
const SPANS = 'tracers of sysdig (spans) have gone from every newer engine'

/** The views of csysdig 0.36; a text is the reason why there is none. */
const CSYSDIG: Readonly<Record<string, true | string>> = {
  backlog: true,
  connections: true,
  containers: true,
  containers_errors: true,
  directories: true,
  docker_events: 'events of the Docker daemon are not asked for; csysdig hides the view, too',
  errors: true,
  file_opens: true,
  files: true,
  incoming_connections: true,
  io_by_type: true,
  kubernetes_controllers: true,
  kubernetes_deployments: CONTROLLERS,
  kubernetes_namespaces: true,
  kubernetes_pods: true,
  kubernetes_replicasets: CONTROLLERS,
  kubernetes_services: NO_API_SERVER,
  marathon_apps: MESOS,
  marathon_groups: MESOS,
  mesos_frameworks: MESOS,
  mesos_tasks: MESOS,
  notifications: 'csysdig hides the view: its events were those of a service',
  page_faults: true,
  port_bindings: true,
  procs: true,
  procs_cpu: true,
  procs_errors: true,
  procs_fd_usage: true,
  slow_io: true,
  spans_list: SPANS,
  spans_summary: SPANS,
  spectro_all: true,
  spectro_file: true,
  spectro_traces: SPANS,
  sports: true,
  spy_syslog: true,
  spy_users: true,
  spy_users_wsysdig: 'the table form of spy_users, which csysdig itself hides',
  syscall_procs: true,
  syscalls: true,
  threads: true,
  traces_list: SPANS,
  traces_summary: SPANS,
}

test('every view of csysdig exists, or its absence has a reason', async () => {
  const ids = new Set((await loadViews()).map((v) => v.id))
  for (const [id, there] of Object.entries(CSYSDIG)) expect(ids.has(id), id).toBe(there === true)
})
