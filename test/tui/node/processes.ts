// The processes of a fictitious Kubernetes node: a host, a container of docker, and pods of two namespaces, as a capture that
// starts there would find them.

import { createHash } from 'node:crypto'
import { type ContainerInfo, shortId, unnamed } from '../../../src/model/container.js'
import { containerJson } from '../../../src/model/container-json.js'
import type { FdInfo, Snapshot, ThreadInfo } from '../../../src/model/snapshot.js'
import { bootNs } from '../../../src/model/time.js'
import { unknownThread } from '../../../src/model/unknown-thread.js'

const idOf = (name: string): string => createHash('sha256').update(name).digest('hex')
const pod = (namespace: string, name: string, podLabels: ContainerInfo['podLabels']) => ({
  labels: {
    'io.kubernetes.pod.name': name,
    'io.kubernetes.pod.namespace': namespace,
    'io.kubernetes.pod.uid': idOf(name).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5'),
  },
  podLabels,
})

/** The metadata of each container from its runtime; accounts of its own are by number. */
const CONTAINERS: Readonly<Record<string, Partial<ContainerInfo> & { readonly account?: readonly [number, string] }>> =
  {
    web: {
      image: 'registry.example/shop/web:2.4.1',
      ip: '10.244.0.11',
      account: [1000, 'node'],
      ...pod('shop', 'web-6d4cf56db6-x2v9k', { 'pod-template-hash': '6d4cf56db6' }),
    },
    postgres: {
      image: 'docker.io/library/postgres:16',
      ip: '10.244.0.12',
      account: [999, 'postgres'],
      ...pod('shop', 'db-0', {
        'controller-revision-hash': 'db-5b8c9',
        'statefulset.kubernetes.io/pod-name': 'db-0',
      }),
    },
    backup: {
      image: 'registry.example/shop/backup:1.0',
      ip: '10.244.0.14',
      ...pod('shop', 'backup-28612345-zxcvb', { 'batch.kubernetes.io/job-name': 'backup-28612345' }),
    },
    coredns: {
      image: 'registry.k8s.io/coredns/coredns:v1.11.1',
      ip: '10.244.0.13',
      ...pod('kube-system', 'coredns-7db6d8ff4d-hj4lp', { 'pod-template-hash': '7db6d8ff4d' }),
    },
    'kube-proxy': {
      image: 'registry.k8s.io/kube-proxy:v1.31.0',
      ...pod('kube-system', 'kube-proxy-x7k2p', {
        'controller-revision-hash': '79c4d8b5f6',
        'pod-template-generation': '1',
      }),
    },
    cache: { type: 'docker', image: 'redis:7', ip: '172.17.0.2', account: [999, 'redis'] },
  }

const cgroupOf = (name: string): string =>
  CONTAINERS[name]?.type === 'docker'
    ? `cpu=/system.slice/docker-${idOf(name)}.scope`
    : `cpu=/kubepods.slice/cri-containerd-${idOf(name)}.scope`

const MB = 1024
const PTS_0 = (136 << 8) | 0

/** A process of the host, or of the named container. */
function runs(pid: number, command: string, container: string | undefined, more: Partial<ThreadInfo>): ThreadInfo {
  const [exe = '', ...args] = command.split(' ')
  return {
    ...unknownThread(),
    ...{ tid: pid, pid, vtid: container === undefined ? pid : 1, vpid: container === undefined ? pid : 1, ptid: 1 },
    ...{ comm: exe.replace(/.*\//, '').slice(0, 15), exe, exepath: exe, args, cwd: '/', uid: 0, gid: 0 },
    ...{ sid: pid, pgid: pid, vpgid: 1, startBoot: bootNs(40e9 + pid * 1e6), fdLimit: 1024 },
    ...{ vmSize: 120 * MB, vmRss: 12 * MB, pgftMin: pid, pgftMaj: pid % 7 },
    cgroups: [container === undefined ? 'cpu=/system.slice' : cgroupOf(container)],
    fds: [],
    ...more,
  }
}

/** Another thread of a process. */
const beside = (p: ThreadInfo, tid: number, comm: string): ThreadInfo => {
  const { fds: _, ...rest } = p
  return { ...rest, tid, vtid: p.vtid + tid - p.pid, comm }
}

const udp = { type: 'ipv4', name: '', sockType: 2, proto: 17 } as const
const tcp = { type: 'ipv4', name: '', sockType: 1, proto: 6, tcpState: 1 } as const
const at = (localIp: string, localPort: number, remoteIp: string, remotePort: number, server: boolean) => ({
  ...{ localIp, localPort, remoteIp, remotePort, server },
})
const log = (num: number): FdInfo => ({
  ...{ num, type: 'unix', name: '', sockType: 2, source: `${num}a0`, dest: '1', path: '/run/systemd/journal/dev/log' },
})
const file = (num: number, name: string): FdInfo => ({ num, type: 'file', name })

const web = runs(2107, 'node server.js', 'web', {
  ...{ uid: 1000, gid: 1000, cwd: '/app', vmSize: 980 * MB, vmRss: 96 * MB },
  fds: [
    { num: 3, type: 'eventpoll', name: '[eventpoll]' },
    { num: 12, ...udp, ...at('10.244.0.11', 40_001, '10.96.0.10', 53, false) },
    { num: 14, ...tcp, ...at('10.244.0.11', 40_100, '10.244.0.12', 5432, false) },
    { num: 18, ...tcp, tcpState: 10, localIp: '0.0.0.0', localPort: 8080, server: true },
  ],
})
const coredns = runs(2300, '/coredns -conf /etc/coredns/Corefile', 'coredns', {
  fds: [
    { num: 7, ...udp, ...at('10.244.0.13', 53, '10.244.0.11', 40_001, true) },
    { num: 11, ...udp, ...at('10.244.0.13', 50_900, '192.0.2.53', 53, false) },
  ],
})

const threads: readonly ThreadInfo[] = [
  runs(1, '/sbin/init', undefined, { ptid: 0, vmRss: 11 * MB }),
  runs(410, '/usr/bin/containerd', undefined, { vmRss: 64 * MB }),
  runs(455, '/usr/sbin/cron -f', undefined, { fds: [log(5)] }),
  runs(960, 'sshd: alice@pts/0', undefined, {
    fds: [{ num: 4, ...tcp, ...at('10.0.0.1', 22, '192.0.2.10', 50_022, true) }, log(6)],
  }),
  runs(980, '-bash', undefined, {
    ...{ ptid: 960, uid: 1500, gid: 1500, loginuid: 1500, tty: PTS_0, cwd: '/home/alice', sid: 980 },
    fds: [{ num: 0, type: 'file', name: '/dev/pts/0' }],
  }),
  web,
  beside(web, 2111, 'libuv-worker'),
  runs(2200, 'postgres -D /var/lib/postgresql/data', 'postgres', {
    ...{ uid: 999, gid: 999, vmSize: 210 * MB, vmRss: 30 * MB },
    fds: [
      log(5),
      { num: 9, ...tcp, ...at('10.244.0.12', 5432, '10.244.0.11', 40_100, true) },
      file(20, '/var/lib/postgresql/data/base/16384/2619'),
      file(21, '/var/lib/postgresql/data/pg_wal/000000010000000000000003'),
    ],
  }),
  coredns,
  beside(coredns, 2304, 'coredns'),
  runs(2400, '/usr/local/bin/kube-proxy --config=/var/lib/kube-proxy/config.conf', 'kube-proxy', {
    fds: [
      { num: 3, type: 'eventpoll', name: '[eventpoll]' },
      { num: 6, type: 'ipv4', name: '', sockType: 1, proto: 6 },
    ],
  }),
  runs(2500, 'redis-server *:6379', 'cache', {
    ...{ uid: 999, gid: 999 },
    fds: [
      { num: 5, type: 'eventpoll', name: '[eventpoll]' },
      { num: 8, ...tcp, ...at('172.17.0.2', 6379, '172.17.0.1', 51_000, true) },
    ],
  }),
  runs(2600, 'tar -czf /backup/shop.tar.gz /data', 'backup', {
    fds: [file(3, '/data/products.csv'), file(4, '/backup/shop.tar.gz')],
  }),
]

/** The process of a thread. */
export const pidOf = (tid: number): number => threads.find((t) => t.tid === tid)?.pid ?? tid

const accounts = Object.entries(CONTAINERS).flatMap(([name, { account }]) =>
  account === undefined
    ? []
    : [{ uid: account[0], gid: account[0], name: account[1], home: '/', shell: '', container: shortId(idOf(name)) }],
)

export const NODE: Snapshot = {
  threads: [...threads],
  users: [
    { uid: 0, gid: 0, name: 'root', home: '/root', shell: '/bin/bash' },
    { uid: 1500, gid: 1500, name: 'alice', home: '/home/alice', shell: '/bin/bash' },
    ...accounts,
  ],
  groups: [{ gid: 0, name: 'root' }],
  containers: Object.entries(CONTAINERS).flatMap(([name, { account: _, ...info }]) => {
    const whole = { ...unnamed(idOf(name), 'containerd'), name, ...info }
    if (info.labels === undefined) return [containerJson(whole)]
    const sandbox = { ...whole, ...unnamed(idOf(`pause of ${name}`), 'containerd'), labels: whole.labels, ip: whole.ip }
    return [
      containerJson({ ...sandbox, sandbox: true }),
      containerJson({ ...whole, sandboxId: sandbox.fullId, podLabels: whole.podLabels }),
    ]
  }),
}
